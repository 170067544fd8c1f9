import os
import subprocess
import sys
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import history.changes
from config.settings import KINDS, AtOnce, ConfigError, Daily, Settings, Weekly, load

Loaded = Callable[[str | bytes], Settings]
ErrorOf = Callable[[str | bytes], str]


def test_the_kinds_are_the_history_s() -> None:
    assert KINDS == history.changes.KINDS


def test_defaults(loaded: Loaded, good: str, tmp_path: Path) -> None:
    found = loaded(good)
    assert found.path == tmp_path / "councilwatch.toml"
    assert found.service.database == tmp_path / "councilwatch.db"
    assert found.service.shard is found.service.topics is found.service.history_url is None
    assert found.service.show_withdrawn_documents is False
    (council,) = found.councils
    assert (council.slug, council.name) == ("stockton-on-tees", "Stockton-on-Tees Borough Council")
    assert council.base_url == "https://moderngov.stockton.gov.uk"
    assert (council.nation, council.committees, council.documents, council.hosts) == ("England", None, True, ())
    assert (council.politeness.seconds_between_requests, council.politeness.requests_per_day) == (1.0, 350)
    (subscriber,) = found.subscribers
    assert (subscriber.deliver, subscriber.timezone, subscriber.quiet) == (AtOnce(), "Europe/London", None)
    assert subscriber.reminders_days is None
    assert found.operator.to == ()
    assert "pspo" in found.topics
    table = found.timetable
    assert (table.far, table.fortnight, table.morning) == (
        timedelta(days=2),
        timedelta(minutes=110),
        timedelta(minutes=50),
    )
    assert (table.minutes_awaited, table.approval_awaited) == (timedelta(hours=4), timedelta(days=3))
    assert (table.settled, table.cancelled, table.committees) == (
        timedelta(days=14),
        timedelta(days=2),
        timedelta(days=7),
    )
    assert (table.lists_webservice, table.lists_html) == (timedelta(minutes=110), timedelta(hours=12))
    assert (table.notices, table.soon) == (timedelta(days=1), timedelta(minutes=30))


def test_everything_said(loaded: Loaded, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    found = loaded(
        """
        [service]
        database = "data/c.db"
        contact = "https://example.org/watch"
        shard = "2/5"
        topics = "own"
        history_url = "https://history.example.org"
        show_withdrawn_documents = true
        [operator]
        to = ["${OPERATOR_MAIL}", "json://127.0.0.1"]
        heartbeat = "https://example.org/alive"
        [politeness]
        seconds_between_requests = 2
        requests_per_day = 100
        [[council]]
        slug = "north-town"
        name = "North Town Council"
        base_url = "http://127.0.0.1:8080/moderngov/"
        nation = "Wales"
        committees = ["Cabinet"]
        ignore_robots = "agreed with the council on 3 May"
        documents = false
        hosts = ["Media.Example.org"]
        [council.politeness]
        seconds_between_requests = 0
        [[watch]]
        name = "Dogs"
        any = ["dog   control"]
        all = ["order"]
        none = ["hot dog"]
        near = ["dog", "fouling"]
        within = 5
        councils = ["north-town"]
        committees = ["Cabinet"]
        fields = ["minutes", "document text"]
        kinds = ["minutes.*", "item.added"]
        [[subscriber]]
        name = "a"
        to = ["x"]
        watches = ["Dogs"]
        deliver = "daily 07:30"
        timezone = "Europe/Dublin"
        quiet = "22:00-07:00"
        remind_days_before = 3
        [[subscriber]]
        name = "b"
        to = ["x"]
        watches = ["Dogs"]
        deliver = "weekly mon 7:05"
        [timetable]
        soon = "90s"
        """
    )
    assert found.service.database == tmp_path / "data" / "c.db"
    assert (found.service.shard, found.service.topics) == ((2, 5), tmp_path / "own")
    (council,) = found.councils
    assert council.base_url == "http://127.0.0.1:8080/moderngov"
    assert (council.politeness.seconds_between_requests, council.politeness.requests_per_day) == (0, 100)
    assert (council.nation, council.hosts, council.documents) == ("Wales", ("media.example.org",), False)
    (watch,) = found.watches
    assert (watch.any, watch.near, watch.within) == (("dog control",), ("dog", "fouling"), 5)
    assert watch.kinds == ("item.added", "minutes.drafted", "minutes.amended", "minutes.approved")
    first, second = found.subscribers
    assert (first.deliver, first.quiet, first.reminders_days) == (Daily(time(7, 30)), (time(22), time(7)), 3)
    assert second.deliver == Weekly(0, time(7, 5))
    assert found.timetable.soon == timedelta(seconds=90)


def test_a_slug_of_the_registry_may_have_a_new_address(loaded: Loaded, good: str) -> None:
    (council,) = loaded(
        good.replace('"stockton-on-tees"', '"stockton-on-tees"\nbase_url = "https://new.example.org"')
    ).councils
    assert (council.name, council.base_url) == ("Stockton-on-Tees Borough Council", "https://new.example.org")


def test_one_site_is_spelled_one_way(loaded: Loaded, good: str) -> None:
    text = good.replace(
        '"stockton-on-tees"', '"stockton-on-tees"\nbase_url = "HTTPS://Democracy.Example.org/Modern.Gov/"'
    )
    assert loaded(text).councils[0].base_url == "https://democracy.example.org/Modern.Gov"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(loaded: Loaded, good: str) -> None:
    assert loaded("\ufeff" + good.replace("\n", "\r\n")).service.contact == "you@example.org"


def test_settings_are_frozen(loaded: Loaded, good: str) -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded(good).service.contact = "x"  # type: ignore[misc]


def test_loading_needs_no_apprise() -> None:
    code = "import sys, config.settings; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# (what stands in the good file, what stands there instead, the error)
SPOILT = [
    ("contact", "contcat", ':2: [service]: unknown key "contcat"; did you mean "contact"?'),
    ("[[watch]]", "[[wach]]", ':7: unknown table or key "wach"; did you mean "watch"?'),
    ('"you@example.org"', "5", ':2: [service] contact: must be text in quotes, like "this"'),
    ('"you@example.org"', '" "', ":2: [service] contact: is empty"),
    ('"you@example.org"', '"a\\nb"', ":2: [service] contact: must be plain ASCII text on one line"),
    ('contact = "you@example.org"', "", ":1: [service] contact: is missing; give an address by which"),
    ('[service]\ncontact = "you@example.org"', "", ": [service]: is missing; give at least contact"),
    ("contact", 'topics = "none"\ncontact', ":2: [service] topics: none: no such folder"),
    ("contact", 'shard = "6/5"\ncontact', ':2: [service] shard: "6/5" is not a share of the councils'),
    ("contact", 'shard = "two"\ncontact', ':2: [service] shard: "two" is not a share of the councils'),
    ("contact", "shard = [1, 2]\ncontact", ":2: [service] shard: must be text in quotes"),
    ("contact", 'history_url = "x.org"\ncontact', ':2: [service] history_url: must begin with "https://"'),
    ("contact", 'show_withdrawn_documents = "yes"\ncontact', ":2: [service] show_withdrawn_documents: must be true or"),
    ("contact", 'database = ""\ncontact', ":2: [service] database: is not the name of a file"),
    ("contact", 'contact = "x"\ncontact', ":3: is not TOML: Cannot overwrite a value"),
    ("[service]", "[service", ":1: is not TOML: Expected ']'"),
    ('[service]\ncontact = "you@example.org"', "service = 1", ":1: service: must be one table, headed [service]"),
    ("[service]", "[[service]]", ":1: [[service]]: must be one table, headed [service] in single brackets"),
    ("[[council]]", "[council]", ":4: [council]: must be headed [[council]], in double brackets"),
    ('[[council]]\nslug = "stockton-on-tees"', "", ": names no council; add [[council]]"),
    (
        '"stockton-on-tees"',
        '"stokton-on-tees"',
        ':5: [[council]] 1 "stokton-on-tees": slug: "stokton-on-tees" is not in the registry; '
        'did you mean "stockton-on-tees"?',
    ),
    ('"stockton-on-tees"', '"Stockton"', 'did you mean "stockton-on-tees"?'),
    ('"stockton-on-tees"', '"xyzzy"', "is not in the registry; give name and base_url too"),
    ('"stockton-on-tees"', '"x"\nname = "X"', ':4: [[council]] 1 "X": base_url is missing; a slug that is not in'),
    ('"stockton-on-tees"', '"x"\nbase_url = "https://x.uk"', ':4: [[council]] 1 "x": name is missing; a slug that'),
    ('"stockton-on-tees"', '"x"\nname = "X"\nbase_url = "x.uk"', ':7: [[council]] 1 "X": base_url: must begin with'),
    ('"stockton-on-tees"', '"X Y"\nname = "X"\nbase_url = "https://x.uk"', 'slug: "X Y" is not a slug'),
    ('"stockton-on-tees"', '"adur"\nbase_url = "https://x.uk/mgWhatsNew.aspx"', "must be the address above the pages"),
    ('"stockton-on-tees"', '"adur"\nbase_url = "https://x.uk:99999"', "is not a web address"),
    ('"stockton-on-tees"', '"adur"\nbase_url = "https:///x"', "is not a web address"),
    ('"stockton-on-tees"', '"adur"\nnation = "Whales"', 'nation: "Whales" is not a nation; did you mean "Wales"?'),
    ('"stockton-on-tees"', '"adur"\nhosts = ["https://x.uk"]', ':6: [[council]] 1 "adur": hosts, entry 1: '),
    ('"stockton-on-tees"', '"adur"\nignore_robots = true', "ignore_robots: must be text in quotes"),
    ('"stockton-on-tees"', '"adur"\ncommittees = []', "committees: is an empty list"),
    ('"stockton-on-tees"', '"adur"\nrequests_per_day = 5', 'unknown key "requests_per_day"; it belongs in [council.po'),
    (
        '"stockton-on-tees"',
        '"adur"\npoliteness = { requests_per_day = 0 }',
        ':6: [[council]] 1 "adur": politeness.requests_per_day: 0 is for a site on this very machine, and https://dem',
    ),
    ('"stockton-on-tees"', '"adur"\n[[council]]\nslug = "adur"', '"adur" is the slug of [[council]] 1 already'),
    ('"pspo"', '"psop"', ':9: [[watch]] 1 "Dogs": topic: "psop" is not a topic; did you mean "pspo"?'),
    ('topic = "pspo"', 'none = ["x"]', ':7: [[watch]] 1 "Dogs": looks for nothing; give a topic'),
    ('topic = "pspo"', "", ':7: [[watch]] 1 "Dogs": looks for nothing; give a topic'),
    ('topic = "pspo"', 'any = "dog"', ':9: [[watch]] 1 "Dogs": any: must be a list in brackets'),
    ('topic = "pspo"', 'any = [\n"dog",\n" - "]', ':11: [[watch]] 1 "Dogs": any, entry 2: " - " has no letter'),
    ('topic = "pspo"', 'near = ["dog"]', "near: needs two terms or more"),
    ('topic = "pspo"', 'any = ["dog"]\nwithin = 4', "within: says how near"),
    ('topic = "pspo"', 'near = ["a", "b"]\nwithin = 0', "within: must be 1 or more"),
    (
        '"pspo"',
        '"pspo"\nfields = ["minute"]',
        ':10: [[watch]] 1 "Dogs": fields, entry 1: "minute" is not a field; did you',
    ),
    ('"pspo"', '"pspo"\nkinds = ["minutes.draftd"]', 'is not a kind of change; did you mean "minutes.drafted"?'),
    ('"pspo"', '"pspo"\nkinds = ["minute.*"]', 'is not a kind of change; did you mean "minutes.*"?'),
    ('"pspo"', '"pspo"\ncouncils = ["stockton"]', 'is not the slug of a [[council]] in this file; did you mean "stock'),
    ('"pspo"', '"pspo"\n[[watch]]\nname = "Dogs"\nany = ["x"]', ':11: [[watch]] 2 "Dogs": name: "Dogs" is the name of'),
    (
        '["Dogs"]',
        '["Dog"]',
        ':14: [[subscriber]] 1 "residents": watches, entry 1: "Dog" is not the name of a [[watch]]',
    ),
    ('["Dogs"]', "[]", ':14: [[subscriber]] 1 "residents": watches: is an empty list'),
    ('watches = ["Dogs"]', "", ':11: [[subscriber]] 1 "residents": watches: is missing'),
    ('to = ["${RESIDENTS_MAIL}"]', "", ':11: [[subscriber]] 1 "residents": to: is missing'),
    ('["${RESIDENTS_MAIL}"]', "[]", ':13: [[subscriber]] 1 "residents": to: is an empty list'),
    ("${RESIDENTS_MAIL}", "${RESIDENTS_MAIL", "to, entry 1: has a ${ that begins no variable"),
    ("${RESIDENTS_MAIL}", "${}", "has a ${ that begins no variable"),
    ("${RESIDENTS_MAIL}", "$RESIDENTS_MAIL", "names a variable without braces; write it like ${RESIDENTS_MAIL}"),
]

# (what is added to the good file, at the subscriber; the error)
ADDED = [
    ('deliver = "weekly Mno 07:30"', ':15: [[subscriber]] 1 "residents": deliver: "Mno" is not a day of the week; did'),
    ('deliver = "weekly Thrusday 07:30"', 'did you mean "Thursday"?'),
    ('deliver = "daily 25:99"', 'deliver: "25:99" is not a time of day; write it like "07:30"'),
    ('deliver = "weakly Mon 07:30"', 'did you mean "weekly Mon 07:30"?'),
    ('deliver = "hourly"', 'write "at once", "daily 07:30" or "weekly Mon 07:30"'),
    ("deliver = 07:30:00", 'deliver: must be text in quotes, like "this"'),
    ('timezone = "Europe/Lodnon"', 'timezone: "Europe/Lodnon" is not a time zone; did you mean "Europe/London"?'),
    ('timezone = "Europe"', "is not a time zone"),
    ('timezone = "../etc/passwd"', "is not a time zone"),
    ('quiet = "22:00"', 'write them like "22:00-07:00"'),
    ('quiet = "22:00-25:00"', '"25:00" is not a time of day'),
    ('quiet = "07:00-07:00"', "would be quiet for no time or for ever"),
    ('quiet = ["22:00", "07:00"]', "quiet: must be text in quotes"),
    ("remind_days_before = -1", "remind_days_before: must be 1 or more"),
    ("remind_days_before = 2.5", "must be a whole number"),
    ("reminders_days = 1", 'unknown key "reminders_days"; did you mean "remind_days_before"?'),
    ('wathces = ["Dogs"]', 'unknown key "wathces"; did you mean "watches"?'),
    ("requests_per_day = 1", "it belongs in [politeness]"),
    (
        "[politeness]\nseconds_between_requests = 0",
        ":16: [politeness] seconds_between_requests: 0 is for a site on this",
    ),
    ("[politeness]\nrequests_per_day = 0", ":16: [politeness] requests_per_day: 0 is for a site on this very machine"),
    ("[politeness]\nseconds_between_requests = nan", "must be a number that is finite"),
    ("[politeness]\nseconds_between_requests = inf", "must be"),
    ("[politeness]\nseconds_between_requests = -1", "must be 0 or more"),
    ('[politeness]\nseconds_between_requests = "1"', "must be a number, without quotes"),
    ("[politeness]\nrequests_per_day = true", "must be a whole number, without quotes"),
    ("[politeness]\nrequests_per_day = 1.5", "must be a whole number, without quotes"),
    ("[politeness]\nrequests_per_day = -3", "must be 0 or more"),
    ('[timetable]\nfar = "1w"', ':16: [timetable] far: "1w" is not a length of time; write it like "110m"'),
    ('[timetable]\nfar = "0m"', "must be more than nothing and at most 400d"),
    ("[timetable]\nfar = 60", "must be text in quotes"),
    ('[timetable]\nfra = "1d"', ':16: [timetable]: unknown key "fra"; did you mean "far"?'),
    ('[operator]\nheartbeat = "x"', ':16: [operator] heartbeat: must begin with "https://"'),
    ('[operatr]\nto = ["x"]', ':15: unknown table or key "operatr"; did you mean "operator"?'),
]


@pytest.mark.parametrize(("there", "instead", "error"), SPOILT)
def test_what_is_wrong_is_said_with_its_line(
    error_of: ErrorOf, good: str, there: str, instead: str, error: str
) -> None:
    assert there in good
    line = error_of(good.replace(there, instead, 1))
    assert line.startswith("councilwatch.toml:")
    assert error in line


@pytest.mark.parametrize(("added", "error"), ADDED)
def test_what_is_added_wrongly(error_of: ErrorOf, good: str, added: str, error: str) -> None:
    assert error in error_of(good + added + "\n")


def test_zero_is_allowed_for_a_loopback_address_and_only_there(error_of: ErrorOf, loaded: Loaded, good: str) -> None:
    local = good.replace('"stockton-on-tees"', '"here"\nname = "Here"\nbase_url = "http://%s"')
    politeness = "[politeness]\nseconds_between_requests = 0\nrequests_per_day = 0\n"
    for host in ("127.0.0.1:8080", "localhost", "[::1]:99", "council.localhost"):
        assert loaded(local % host + politeness).councils[0].politeness.requests_per_day == 0
    for host in ("127.0.0.1.example.org", "10.0.0.1", "localhost.example.org", "128.0.0.1"):
        assert "0 is for a site on this very machine" in error_of(local % host + politeness)


@pytest.mark.parametrize("body", [b"", b"\n# only this\n", b"\xef\xbb\xbf"])
def test_an_empty_file(error_of: ErrorOf, body: bytes) -> None:
    assert error_of(body).startswith("councilwatch.toml: is empty; make one to start from with: councilwatch init SLUG")


def test_not_utf_8(error_of: ErrorOf, good: str) -> None:
    assert error_of(good.encode() + b'x = "\xe9"').startswith("councilwatch.toml:15: is not UTF-8 text")


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = [" * 5000, "a.b = " + "{c = " * 5000])
def test_brackets_too_deep(error_of: ErrorOf, text: str) -> None:
    assert "is not TOML" in error_of(text)


def test_a_number_too_long(error_of: ErrorOf) -> None:
    assert error_of("a = 1\nb = " + "9" * 5000) == "councilwatch.toml:2: is not TOML: a number is too long"


def test_no_file_a_folder_and_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file; make one with: councilwatch init SLUG$"):
        load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is a folder; name the file in it"):
        load(tmp_path)
    with pytest.raises(ConfigError, match="larger than a config can be"):
        load(Path(os.devnull).with_name("zero"))
    with pytest.raises(ConfigError, match="cannot be read"):
        load(Path("a\0b"))


def test_line_breaks_and_controls_in_names_are_escaped(error_of: ErrorOf, good: str) -> None:
    line = error_of(good.replace('name = "Dogs"', 'name = "D\\u202eo\\u001b[31mgs\\n"').replace("pspo", "x\\ny"))
    assert r"D\u202eo\x1b[31mgs" in line
    assert r'"x\ny" is not a topic' in line


@pytest.mark.parametrize(
    "text",
    [
        'to = "mailto://user:hunter2@example.org"',
        'to = ["mailto://user:hunter2@example.org${"]',
        'to = [{ url = "mailto://user:hunter2@example.org" }]',
        "to = [5]\nname = 3",
    ],
)
def test_no_secret_is_repeated(error_of: ErrorOf, good: str, text: str) -> None:
    assert "hunter2" not in error_of(good.replace('to = ["${RESIDENTS_MAIL}"]', text))


def test_no_password_of_a_web_address_is_repeated(error_of: ErrorOf, good: str) -> None:
    line = error_of(good.replace('"stockton-on-tees"', '"adur"\nbase_url = "https://user:hunter2@x.uk"'))
    assert line.endswith("base_url: must not hold a user name or password")


def test_an_own_topic_that_is_wrong_is_told_at_the_folder(error_of: ErrorOf, good: str, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "dogs.toml").write_text("titel = 1\n")
    line = error_of(good.replace("contact", 'topics = "own"\ncontact'))
    assert line.startswith("councilwatch.toml:2: [service] topics: ")
    assert "dogs.toml" in line


def _ends_well(path: Path, body: bytes) -> None:
    path.write_bytes(body)
    try:
        load(path)
    except ConfigError as error:
        assert str(error).isprintable()


_SLOW_FOLDER = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@given(st.binary(max_size=200))
@_SLOW_FOLDER
def test_any_bytes_end_in_settings_or_one_line(tmp_path: Path, body: bytes) -> None:
    _ends_well(tmp_path / "c.toml", body)


@given(st.text(max_size=200))
@_SLOW_FOLDER
def test_any_text_ends_in_settings_or_one_line(tmp_path: Path, text: str) -> None:
    _ends_well(tmp_path / "c.toml", text.encode("utf-8", "surrogatepass"))


_FULL = """\
[service]
contact = "you@example.org"
shard = "1/2"
[operator]
to = ["a"]
[politeness]
requests_per_day = 5
[[council]]
slug = "adur"
politeness = { seconds_between_requests = 2.5 }
[[watch]]
name = "Dogs"
any = ["dog"]
kinds = ["item.*"]
[[subscriber]]
name = "x"
to = ["a"]
watches = ["Dogs"]
deliver = "weekly Mon 07:30"
quiet = "22:00-07:00"
[timetable]
far = "1d"
"""
_SCRAPS = st.sampled_from(
    [
        "[[",
        "]]",
        "=",
        '"',
        "\n",
        "[]",
        "{}",
        "1",
        "nan",
        "true",
        "07:30:00",
        "council",
        "watch",
        "\\n",
        "'",
        "${",
        "0",
        "[x]",
    ]
)


@given(st.lists(st.tuples(st.integers(0, len(_FULL)), st.integers(0, 12), _SCRAPS), max_size=4))
@_SLOW_FOLDER
def test_any_config_spoilt_anywhere_ends_in_settings_or_one_line(
    tmp_path: Path, spoilt: list[tuple[int, int, str]]
) -> None:
    text = _FULL
    for at, length, scrap in spoilt:
        text = text[:at] + scrap + text[at + length :]
    _ends_well(tmp_path / "c.toml", text.encode())


_VALUES = st.recursive(
    st.sampled_from(['"x"', "1", "-1", "0", "1.5", "nan", "true", "07:30:00", "2026-01-01", '""', '"${"']),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda values: f"[{', '.join(values)}]")
        | inner.map(lambda value: f"{{ x = {value} }}")
    ),
    max_leaves=3,
)


@given(st.integers(0, _FULL.count("\n") - 1), _VALUES)
@_SLOW_FOLDER
def test_any_value_of_any_type_ends_in_settings_or_one_line(tmp_path: Path, number: int, value: str) -> None:
    lines = _FULL.splitlines()
    key, equals, _ = lines[number].partition(" = ")
    if equals:
        lines[number] = f"{key} = {value}"
    _ends_well(tmp_path / "c.toml", "\n".join(lines).encode())
