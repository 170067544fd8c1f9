import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.toml_lines import line_of, lines_of

TEXT = """\
# a comment with [brackets] and "quotes
top = 1  # not = 2

[service]
database = "a # no comment"
"quoted key" = 'it''s' # closes and opens? no: two strings would be no TOML
""".replace("'it''s'", "'its'")


def test_tables_keys_and_entries_have_their_lines() -> None:
    text = (
        "top = 1\n\n[a]\nx = [\n  1, # one\n  [2,\n 3],\n]\ny.z = {p = 1, q = [\n'x', \"]\"]}\n"
        '[[w]]\nname = """\nlong [[w]]\n"""\n[w.inner]\nk = 1\n'
        '[[w]]\n"a.b" = 1\n[w.inner]\nk = 2\n[[w.deep]]\nv=1\n[[w.deep]]\nv=2\n'
    )
    tomllib.loads(text)
    lines = lines_of(text)
    assert {place: lines[place] for place in lines if len(place) > 1} == {
        ("a", "x"): 4,
        ("a", "x", 0): 5,
        ("a", "x", 1): 6,
        ("a", "x", 1, 0): 6,
        ("a", "x", 1, 1): 7,
        ("a", "y"): 9,
        ("a", "y", "z"): 9,
        ("a", "y", "z", "p"): 9,
        ("a", "y", "z", "q"): 9,
        ("a", "y", "z", "q", 0): 10,
        ("a", "y", "z", "q", 1): 10,
        ("w", 0): 11,
        ("w", 0, "name"): 12,
        ("w", 0, "inner"): 15,
        ("w", 0, "inner", "k"): 16,
        ("w", 1): 17,
        ("w", 1, "a.b"): 18,
        ("w", 1, "inner"): 19,
        ("w", 1, "inner", "k"): 20,
        ("w", 1, "deep"): 21,
        ("w", 1, "deep", 0): 21,
        ("w", 1, "deep", 0, "v"): 22,
        ("w", 1, "deep", 1): 23,
        ("w", 1, "deep", 1, "v"): 24,
    }
    assert lines[("top",)] == 1
    assert lines[("a",)] == 3


def test_comments_quoted_keys_and_windows_line_ends() -> None:
    lines = lines_of(TEXT.replace("\n", "\r\n"))
    assert lines == {
        ("top",): 2,
        ("service",): 4,
        ("service", "database"): 5,
        ("service", "quoted key"): 6,
    }


def test_escapes_in_keys_and_quotes_at_the_end_of_long_strings() -> None:
    text = (
        'a = """x\\"""""\n"k\\u0041\\"" = 1\n' + "b = '''y''''\n"
        '[ t . "u v" ]\nc = 1979-05-27 07:32:00 # when\nd = inf\n'
    )
    data = tomllib.loads(text)
    lines = lines_of(text)
    assert lines[('kA"',)] == 2
    assert lines[("b",)] == 3
    assert lines[("t", "u v", "c")] == 5
    assert lines[("t", "u v", "d")] == 6
    assert set(data) == {place[0] for place in lines if len(place) == 1}


def test_what_is_missing_is_told_at_the_table_around_it() -> None:
    lines = lines_of("\n[service]\nx = 1\n")
    assert line_of(lines, ("service", "contact")) == 2
    assert line_of(lines, ("nowhere", 1)) is None


_KEYS = st.text(alphabet='abAB_-1 é"\\.#=[]', max_size=5)
_TEXTS = st.text(alphabet="ab'\"\\\n#=[]{},é", max_size=8)


def _toml_text(text: str, style: int) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if style == 0 and "\n" not in text and "'" not in text:
        return f"'{text}'"
    if style == 1 and "'" not in text:
        return f"'''{text}'''"
    if style == 2:
        return f'"""{escaped}"""'
    return '"' + escaped.replace("\n", "\\n") + '"'


@st.composite
def _documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str, str], int], dict[tuple[str, int], int]]:
    """A TOML text of tables and arrays of tables, with the line of each key and table as it was written."""
    text = ""
    keys: dict[tuple[str, str], int] = {}
    tables: dict[tuple[str, int], int] = {}
    for number in range(draw(st.integers(0, 6))):
        text += draw(st.sampled_from(["", "\n", "# [[x]] = '\n", "  \n\t\n"]))
        tables["t", number] = text.count("\n") + 1
        text += draw(st.sampled_from(["[[t]]\n", "[[ t ]] # ]\n", '[["t"]]\n']))
        for key in draw(st.lists(_KEYS, max_size=4, unique=True)):
            keys[str(number), key] = text.count("\n") + 1
            values = [_toml_text(value, draw(st.integers(0, 3))) for value in draw(st.lists(_TEXTS, max_size=3))]
            value = draw(
                st.sampled_from(["12", "true", "07:32:00", "[]", "{}", "[" + ", # ]\n".join([*values, "1"]) + "]"])
            )
            text += f"{_toml_text(key, 3)} = {value}\n"
    return text, keys, tables


@given(_documents())
@settings(max_examples=100)
def test_every_key_of_any_document_is_found_on_its_line(
    document: tuple[str, dict[tuple[str, str], int], dict[tuple[str, int], int]],
) -> None:
    text, keys, tables = document
    tomllib.loads(text)
    lines = lines_of(text)
    assert {("t", number): lines["t", number] for _, number in tables} == tables
    assert {(number, key): lines["t", int(number), key] for number, key in keys} == keys


@given(st.text(alphabet="ab=\n[]{}\"'#,. 1\\", max_size=40))
@settings(max_examples=100)
def test_whatever_tomllib_accepts_has_lines(text: str) -> None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(text)
    assert all((key,) in lines for key in data)


@pytest.mark.parametrize("depth", [50, 150])
def test_deep_brackets(depth: int) -> None:
    assert lines_of("a = " + "[" * depth + "]" * depth)[("a",)] == 1
