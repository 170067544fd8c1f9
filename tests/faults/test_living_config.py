"""The operator's file changes while the daemon lives: taken over, or refused once with the old one kept."""

from __future__ import annotations

from tests.faults.living import Lives
from tests.faults.town import added, items_of, town

BROKEN = {
    "syntax": ("[service]", "[service", "not TOML"),
    "an unknown key": ("[service]", "[service]\ncontcat = 1", "contcat"),
    "an unknown topic": ('topic = "pspo"', 'topic = "psbo"', "psbo"),
    "a missing secret": ('to = ["json://', 'to = ["${NOT_THERE}", "json://', "NOT_THERE"),
    "an address that cannot be read": ('to = ["json://', 'to = ["jsno://', "jsno"),
    "another database": ("[service]", '[service]\ndatabase = "other.db"', "database"),
}


def test_a_config_that_is_wrong_is_refused_once_and_the_old_one_goes_on(lives: Lives) -> None:
    living = lives(town(added(24)))
    living.begin()
    for number, (old, new, named) in enumerate(BROKEN.values(), 1):
        good = living.edit(old, new)
        living.until(lambda n=number: len(living.log("the changed config is refused")) == n, "the refusal")  # type: ignore[misc]
        living.look()
        refused = living.log("the changed config is refused")
        assert len(refused) == number and named in refused[-1]["reason"]
        (told,) = living.told()
        assert "Trouble: councilwatch.toml, refused" in told
        living.watcher.config.write_text(good)
        living.until(lambda n=number: len(living.log("the config is taken over")) == n, "the good one again")  # type: ignore[misc]
        living.look()
        (told,) = living.told()
        assert "Works again: councilwatch.toml" in told
    living.edit('topic = "pspo"', 'topic = "psbo"')
    living.until(lambda: len(living.log("the changed config is refused")) == len(BROKEN) + 1, "the last refusal")
    living.look(hours=25)
    assert len(living.watcher.hook.take()) == 1, "what the old config watches is told all the while"
    living.process.signal(1)  # SIGHUP
    living.look()
    assert len(living.log("the changed config is refused")) == len(BROKEN) + 1
    assert len(living.told()) == 1


def test_a_secret_that_comes_later_is_all_that_a_refused_config_needs(lives: Lives) -> None:
    living = lives(town(added(24)))
    secret = living.watcher.folder / "late"
    living.begin(environ={"LATE_FILE": str(secret)})
    hook = f"json://127.0.0.1:{living.watcher.hook.port}/"
    living.edit(f'"{hook}"', '"${LATE}"')
    living.until(lambda: living.log("the changed config is refused"), "the refusal")
    secret.write_text(hook)
    living.until(lambda: living.log("the config is taken over"), "the config with its secret")
    living.look(hours=25)
    assert len(living.watcher.hook.take()) == 1


def test_a_changed_config_is_taken_over_and_who_is_taken_out_is_forgotten(lives: Lives) -> None:
    living = lives(town(added(24), added(48, items_of(700, 1)[0] | {"id": 70098, "title": "Another PSPO"})))
    living.begin()
    living.watcher.hook.status = 500
    living.look(hours=25)
    assert living.watcher.one("SELECT count(*) FROM deliveries WHERE state = 'waiting'") == 1
    living.edit('name = "residents"', 'name = "neighbours"')
    living.until(lambda: living.log("the config is taken over"), "the new config")
    living.look()
    (cancelled, _) = living.watcher.rows("SELECT state, label, address FROM deliveries ORDER BY id")
    assert cancelled == {"state": "cancelled", "label": "erased", "address": "erased 1"}
    living.watcher.hook.status = 200
    assert living.watcher.rows("SELECT name FROM subscribers ORDER BY id") == [
        {"name": "removed subscriber 1"},
        {"name": "neighbours"},
    ]
    living.look(hours=1)
    told = living.watcher.hook.take()
    assert ["Town Centre PSPO" in each for each in told] == [True], "who is new hears in one summary what stands there"
    living.look(hours=24)
    (told_later,) = living.watcher.hook.take()
    assert "Another PSPO" in told_later and "Town Centre" not in told_later.partition("Before")[0]
    living.watcher.sound()
