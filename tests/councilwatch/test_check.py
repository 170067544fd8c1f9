from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zlib import crc32

import pytest

from demo.behaviour import ROBOTS_DISALLOW_ALL, Behaviour, Fault
from scraper.links import network_host

if TYPE_CHECKING:
    from conftest import Town


def test_all_is_well_with_few_requests_and_nothing_sent_or_begun(town: Town) -> None:
    said = town.call("check")
    assert said.code == 0, said.out
    assert any("answers by web service, 5 committees, last meeting 2 December 2025" in line for line in said.lines)
    assert any(line.startswith("ok    address of residents: json hook at 127.0.0.1") for line in said.lines)
    assert len(town.site.requests) <= 4
    assert (town.hook.posts, town.database.exists()) == ([], False)


def test_by_pages_alone_it_takes_little_more(town: Town) -> None:
    town.site.behaviour = Behaviour(web_service=False)
    town.write(council='committees = ["Cabinet"]')
    said = town.call("check")
    assert said.code == 0, said.out
    assert any("answers by its pages" in line and "meeting" in line for line in said.lines)
    assert len(town.site.requests) <= 6


def test_a_committee_that_is_not_there_fails_with_the_nearest(town: Town) -> None:
    town.write(council='committees = ["Cabinet", "Safer Stokton Partnership"]')
    said = town.call("check")
    assert said.code == 1
    assert any(line.startswith("fail") and 'did you mean "Safer Stockton Partnership"?' in line for line in said.lines)


def test_a_site_that_does_not_answer_fails_and_the_rest_is_still_told(town: Town) -> None:
    town.site.close()
    said = town.call("check")
    assert said.code == 1
    assert [line[:4] for line in said.lines if line[6:].startswith("source")] == ["fail"]
    assert any(line.startswith("ok    disk") for line in said.lines)


def test_a_site_in_maintenance_fails_and_one_whose_robots_say_no_is_only_shown(town: Town) -> None:
    town.site.behaviour = Behaviour(fault=Fault("maintenance"))
    assert town.call("check").code == 1
    town.site.behaviour = Behaviour(robots=ROBOTS_DISALLOW_ALL)
    said = town.call("check")
    assert said.code == 0
    assert any(line.startswith("warn  source") and "robots.txt" in line for line in said.lines)


def test_what_is_probably_not_meant_is_a_warning(town: Town) -> None:
    text = town.config.read_text().replace("tests@example.org", "you@example.org")
    town.config.write_text(text + '\n[[watch]]\nname = "geese"\nany = ["geese"]\n')
    town.call("poll")
    said = town.call("check")
    warned = [line for line in said.lines if line.startswith("warn")]
    assert said.code == 0
    assert any("you@example.org" in line for line in warned)
    assert any('watch "geese": no subscriber has it' in line for line in warned)
    assert any('watch "geese": matched none of the' in line for line in warned)


def test_deep_says_that_the_history_is_sound_and_what_is_not(town: Town) -> None:
    town.call("poll")
    assert any(line.startswith("ok    history") for line in town.call("check", "--deep").lines)
    db = town.history()
    db.conn.execute("UPDATE items SET title = 'altered by hand' WHERE id = 1")
    db.close()
    said = town.call("check", "--deep")
    assert said.code == 1
    assert any(line.startswith("fail  history") for line in said.lines)


def test_a_wrong_config_and_a_missing_variable_are_exit_2_and_one_line(town: Town) -> None:
    town.config.write_text(
        town.config.read_text().replace(f"json://{town.hook.address}/residents", "${RESIDENTS_MAIL}")
    )
    missing = town.call("check")
    assert (missing.code, missing.out, len(missing.err.splitlines())) == (2, "", 1)
    assert "RESIDENTS_MAIL" in missing.err
    town.config.write_text("[service]\ncontact = 3\n")
    wrong = town.call("check")
    assert (wrong.code, wrong.out, len(wrong.err.splitlines())) == (2, "", 1)


def test_requests_of_a_check_count_towards_the_day(town: Town) -> None:
    town.call("poll", real=True)
    ((before,),) = town.ask("SELECT spent FROM hosts")
    town.site.forget_requests()
    town.call("check", real=True)
    assert town.ask("SELECT spent FROM hosts") == [(before + len(town.site.requests),)]


@pytest.mark.parametrize(("days", "there", "missing"), [(150, "last", "next"), (-150, "next", "last")])
def test_a_site_with_meetings_on_one_side_of_today_only(town: Town, days: int, there: str, missing: str) -> None:
    town.clock.moment += timedelta(days=days)
    (line,) = [line for line in town.call("check").lines if "answers" in line]
    assert f"{there} meeting" in line and f"{missing} meeting" not in line, line


def test_it_says_how_many_of_the_councils_are_its_shard_s(town: Town) -> None:
    own = crc32(network_host(town.site.base_url).encode()) % 50 + 1
    for shard, grade, share in ((own, "ok  ", "1 of 1 council"), (own % 50 + 1, "warn", "0 of 1 council")):
        town.write(service=f'shard = "{shard}/50"')
        (line,) = [line for line in town.call("check").lines if line[6:].startswith("shard")]
        assert (line[:4], share in line) == (grade, True), line


@pytest.mark.parametrize("whole", [b"Operation Shield", b'{"'])
def test_overwritten_bytes_are_told_and_end_it_with_one_line(town: Town, whole: bytes) -> None:
    town.call("poll")
    town.database.write_bytes(town.database.read_bytes().replace(whole, b"\xff" * len(whole)))
    said = town.call("check", "--deep")
    assert any(line.startswith("fail  history") and "put back the newest backup" in line for line in said.lines)
    (line,) = said.err.splitlines()
    assert (said.code, f"{town.database}: is damaged" in line) == (2, True), line
