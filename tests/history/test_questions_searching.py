"""Finding words: which things have them, in which order, with which words marked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from history import searching
from history.database import connect
from history.questions import NotFoundError
from history.searching import Found, Span, Wanted, fts_query, search, spans
from tests.history.small_history import AGENDA, STARTS, build


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("small") / "small.db"
    build(path).close()
    opened = connect(path, read_only=True)
    yield opened
    opened.close()


def _titles(found: Found) -> list[str]:
    return ["".join(span.text for span in hit.title) for hit in found.hits]


def _find(db: Database, words: str, **more: object) -> list[str]:
    return _titles(search(db, Wanted(words, **more)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("pspo", ["PSPO Update", "Operation Shield Update"]),  # a title weighs more
        ("public consultation", ["Operation Shield Update"]),
        ('"public consultation"', ["Operation Shield Update"]),
        ('"consultation public"', []),
        ("pspo -consultation", ["PSPO Update"]),
        ("dogs OR roads", ["Late paper on dogs", "Road Safety", "Road safety report"]),
        ("consultat*", ["Operation Shield Update"]),
        ("shie* -road", ["Operation Shield Update"]),
        ("PSPOS", ["PSPO Update", "Operation Shield Update"]),
        ("-pspo", []),
        ("", []),
        ('* ? — "', []),
    ],
)
def test_words_phrases_alternatives_exclusions_and_beginnings(db: Database, words: str, titles: list[str]) -> None:
    found = _find(db, words)
    assert (found if words.startswith("pspo") or words == "PSPOS" else sorted(found)) == titles


def test_filters_narrow_what_is_searched(db: Database) -> None:
    assert _find(db, "update", committees=("safer",)) != []
    assert _find(db, "update", committees=("Cabinet",)) == []
    assert _find(db, "update", councils=("stockton-on-tees",), since=STARTS) != []
    assert _find(db, "update", until=AGENDA) == []
    assert _find(db, "dogs", documents=False) == []
    with pytest.raises(NotFoundError):
        _find(db, "update", councils=("nowhere",))


def test_what_was_withdrawn_is_searched_only_where_asked(db: Database) -> None:
    assert _find(db, "other") == []
    found = search(db, Wanted("other", withdrawn=True))
    assert [hit.withdrawn for hit in found.hits] == [True]


def test_the_words_are_marked_and_facets_counted(db: Database) -> None:
    found = search(db, Wanted("consultation"))
    (hit,) = found.hits
    assert Span("consultation", True) in hit.snippet
    assert {(facet.by, facet.value, facet.count) for facet in found.facets} == {
        ("council", "stockton-on-tees", 1),
        ("committee", "Safer Stockton Partnership", 1),
        ("year", "2025", 1),
    }
    assert (found.total, found.more, found.facets_among) == (1, False, None)


def test_common_words_give_the_newest_first_and_capped_counts(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    every = search(db, Wanted("update OR road OR dogs"))
    monkeypatch.setattr(searching, "RANKED", 1)
    monkeypatch.setattr(searching, "CAPPED", 2)
    found = search(db, Wanted("update OR road OR dogs"))
    assert (found.ranked, found.more) == (False, True)
    assert found.total < every.total
    assert found.facets_among == found.total
    items = [hit.id for hit in found.hits if hit.kind == "item"]
    assert items == sorted(items, reverse=True)


def test_many_meetings_are_narrowed_one_by_one_to_the_same_answer(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Wanted("update", since=AGENDA)
    few = search(db, wanted)
    monkeypatch.setattr(searching, "_MANY", 1)
    assert search(db, wanted) == few
    assert search(db, Wanted("update", until=AGENDA)).hits == ()


def test_pages_of_hits_follow_each_other(db: Database) -> None:
    every = search(db, Wanted("update OR road OR dogs")).hits
    assert len(every) >= 4
    paged = [search(db, Wanted("update OR road OR dogs", limit=1, offset=at)).hits[0] for at in range(len(every))]
    assert tuple(paged) == every


@settings(max_examples=100)
@given(words=st.text(max_size=60) | st.text('"*-()^:+OR ANDNOTEAR{}ab', max_size=40))
def test_no_words_raise(db: Database, words: str) -> None:
    found = search(db, Wanted(words))
    assert len(found.hits) <= found.total
    assert fts_query(words) is not None or found.total == 0


@given(st.text(max_size=80))
def test_marks_are_cut_out_and_words_kept(text: str) -> None:
    told = spans(text)
    assert all("\x02" not in span.text and "\x03" not in span.text for span in told)
    assert "".join("".join(span.text for span in told).split()) == "".join(
        text.replace("\x02", "").replace("\x03", "").split()
    )
