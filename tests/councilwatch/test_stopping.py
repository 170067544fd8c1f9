"""A poll of many sources ends when the program is to end, however many still wait for their turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from config.addresses import Addresses
from config.settings import load
from councilwatch.poll import SIDE_BY_SIDE, Poller, PollResult
from demo.behaviour import Behaviour, Fault
from demo.site import Site
from demo.story import Story
from scraper.fetch import Fetcher


def test_sources_that_have_not_begun_are_left_to_the_next_poll(
    told: Story, tmp_path: Path, until: Callable[[Callable[[], object], str], None]
) -> None:
    sites = [Site(told, lambda: told.ends, behaviour=Behaviour(fault=Fault("hang"))) for _ in range(SIDE_BY_SIDE + 3)]
    council = '[[council]]\nslug = "c-{0}"\nname = "C {0}"\nbase_url = "{1}"\n'
    config = tmp_path / "councilwatch.toml"
    config.write_text(
        '[service]\ncontact = "tests@example.org"\n[politeness]\nseconds_between_requests = 0.0\nrequests_per_day = 0\n'
        + "".join(council.format(number, site.base_url) for number, site in enumerate(sites))
    )
    for site in sites:
        site.__enter__()
    stop = threading.Event()
    ended: list[PollResult] = []
    with Fetcher("tests@example.org", lambda: told.ends, stop=stop) as fetcher:
        poller = Poller(load(config), Addresses({}, (), None), fetcher, lambda: told.ends, stop)
        poll = threading.Thread(target=lambda: ended.append(poller.poll()), daemon=True)
        poll.start()
        hanging = [lambda site=site: any("asmx" in each.path for each in site.requests) for site in sites]
        until(lambda: sum(hangs() for hangs in hanging) == SIDE_BY_SIDE, "as many requests that hang as may be")
        stop.set()
        poll.join(10)
    for site in sites:
        site.close()
    assert [len(each.sources) for each in ended] == [SIDE_BY_SIDE]
    assert sum(bool(site.requests) for site in sites) == SIDE_BY_SIDE
