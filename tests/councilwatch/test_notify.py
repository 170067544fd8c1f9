from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Town


def test_everybody_gets_a_test_message(town: Town) -> None:
    said = town.call("notify")
    assert said.code == 0
    assert said.lines == ["residents: sent to json hook at 127.0.0.1", "operator: sent to json hook at 127.0.0.1"]
    assert sorted(town.hook.paths()) == ["/operator", "/residents"]
    assert all("test" in str(post).lower() for _, post in town.hook.posts)


def test_one_subscriber_alone_and_the_nearest_name_for_a_wrong_one(town: Town) -> None:
    assert town.call("notify", "residents").code == 0
    assert town.hook.paths() == ["/residents"]
    said = town.call("notify", "resident")
    assert (said.code, said.out) == (2, "")
    assert 'did you mean "residents"?' in said.err
    assert town.hook.paths() == ["/residents"]


def test_quiet_hours_do_not_hold_a_test_back(town: Town) -> None:
    town.config.write_text(town.config.read_text() + 'quiet = "00:00-23:59"\n')
    assert town.call("notify", "residents").code == 0
    assert town.hook.paths() == ["/residents"]


def test_one_that_fails_is_exit_1_and_is_not_sent_later(town: Town) -> None:
    town.hook.status = 500
    said = town.call("notify", "residents")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("residents: not sent to json hook at 127.0.0.1: ")
    town.hook.status = 200
    town.call("alerts", "--retry")
    assert len(town.hook.posts) == 1


def test_with_nobody_to_tell_it_says_so(town: Town) -> None:
    text = town.config.read_text().replace('to = ["json://', "#")
    town.config.write_text(text[: text.index("[[subscriber]]")])
    said = town.call("notify")
    assert (said.code, len(said.err.splitlines())) == (2, 1)
    assert "nobody to tell" in said.err
