"""The same words in other markup are the same text."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.canonical import canonical
from scraper.markup import text_of_html
from scraper.tree import MOST_TAGS, TooMuchMarkupError, soup_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>To consider the <span class='SpellE'>Manor</span>gate Road scheme</p>",
            "To consider the Manorgate Road scheme",
        ),
        ("<p>one</p><p>&nbsp;</p><p>two</p>", "one\ntwo"),
        ("<p>wrapped in\r\nmid-sentence</p>", "wrapped in mid-sentence"),
        ("<p>a<br>b<br/>c</p>", "a\nb\nc"),
        ("<p>on the 21<sup>st</sup> and 2 <sup>nd</sup></p>", "on the 21st and 2nd"),
        ("<p>1.<span style='x'>&nbsp;&nbsp;&nbsp;</span> that it be agreed</p>", "1. that it be agreed"),
        ("<p><span style='font-family:Symbol'>\uf0b7<span>&nbsp; </span></span>a bullet</p>", "· a bullet"),
        ("<p>·         a bullet</p><p>• another</p>", "· a bullet\n· another"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "· a\n· b"),
        ("<ol start=3><li>c<li><p>d</p></ol>", "3. c\n4. d"),
        ("<ol type=a><li>x<ol type=i><li>y<li>z</ol><li>w</ol>", "a. x\ni. y\nii. z\nb. w"),
        ("<table><tr><td><p>cell</p></td><td>other</td></tr><tr><td>row</td></tr></table>", "cell\nother\nrow"),
        ("<p>soft\u00adhyphen zero\u200bwidth</p>", "softhyphen zerowidth"),
        ("<p>cafe\u0301</p>", "café"),
        ("<!-- no --><script>no()</script><style>no{}</style><p>yes</p>", "yes"),
        ("<p>Chair&amp;#39;s &amp;amp; Clerk&rsquo;s</p>", "Chair's & Clerk’s"),
        ("<p>&nbsp;</p><p> </p>", None),
        ("plain &amp; without\ntags", "plain & without tags"),
    ],
)
def test_text_of_markup(html: str, text: str | None) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("ordinary", ["Item 1 standing", "No. 2, 3 things", "11 st", "1 th", "Room 1.3 rd", "A1 st"])
def test_only_ordinals_are_joined(ordinary: str) -> None:
    assert canonical(ordinary) == ordinary


def test_no_control_character_is_left() -> None:
    assert canonical("a\x1b[31mb\x00c\x9bd\u202ee") == "a [31mb c de"


@settings(max_examples=100)
@given(st.text(alphabet=st.characters() | st.sampled_from("&amp;#38xX123 \n·•stndrh\u00a0\u00ad\u0301<>")))
@example("&am\u00adp;amp;")
@example("&#38;#38;lt;")
@example("· \u00ad·")
@example("1 st\u00a0&#160;2 nd")
def test_canonical_text_stays_as_it_is(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]|  |^ | $|\n\n|^\n|\n$", once)


WORDS = st.lists(st.text(alphabet="abcdefé£’", min_size=1, max_size=8), min_size=1, max_size=12)


@settings(max_examples=100)
@given(st.lists(WORDS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_same_words_in_other_markup_are_the_same_text(paragraphs: list[list[str]], chance: random.Random) -> None:
    plain = "".join(f"<p>{' '.join(words)}</p>" for words in paragraphs)
    assert text_of_html("".join(_as_word_would(words, chance) for words in paragraphs)) == text_of_html(plain)


def _as_word_would(words: list[str], chance: random.Random) -> str:
    made = []
    for word in words:
        written = "".join(f"&#{ord(letter)};" if chance.random() < 0.2 else letter for letter in word)
        cut = chance.randrange(len(word) + 1)
        made.append(
            chance.choice(
                [
                    written,
                    f"<b>{written}</b>",
                    f"<span>{word[:cut]}</span>{word[cut:]}",
                    f"{word[:cut]}\u00ad{word[cut:]}",
                ]
            )
        )
    blanks = [" ", "\r\n", "&nbsp;", "\u00a0 ", "<span> </span>", "  \t"]
    text = made[0] + "".join(chance.choice(blanks) + word for word in made[1:])
    empty = chance.choice(["", "<p>&nbsp;</p>", "<p><span style=''>&nbsp;</span></p>", "<!-- -->"])
    return f"{empty}<{chance.choice(['p class=MsoNormal', 'div', 'p'])}>{text}{empty}"


@pytest.mark.parametrize("markup", [b"<" * (MOST_TAGS + 1), b"<div>" * 1000, b"x" * 3_000_000])
def test_what_no_council_writes_is_not_parsed(markup: bytes) -> None:
    with pytest.raises(TooMuchMarkupError), soup_of(markup):
        pass
