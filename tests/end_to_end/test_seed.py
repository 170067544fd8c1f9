"""The meeting that started it, as its page told it. The text stays outside the project: COUNCILWATCH_SEED names its folder."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.behaviour import Behaviour
from demo.story import Story, build_story

SEED = os.environ.get("COUNCILWATCH_SEED")
pytestmark = pytest.mark.skipif(not SEED, reason="COUNCILWATCH_SEED does not name the folder of the seed meeting")

DRAFTED = datetime(2025, 12, 3, 9, 0, tzinfo=UTC)
_ITEM = re.compile(r"^(SSP/\d\d/25)\n\n(.+)$", re.MULTILINE)
_CUT = re.compile(r"\s+\.\.\.\s+view the full minutes text for item SSP/\d\d/25")
WHOLE = " could see the signs of abuse. THE END OF THE WHOLE TEXT."


def _seed_items() -> list[dict[str, Any]]:
    """The items of the page: number, title, size of the report where it shows one, minutes."""
    assert SEED is not None
    (path,) = Path(SEED).glob("*.txt")
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n").split("No. Item", 1)[1]
    parts = _ITEM.split(text)
    items = []
    for number, title, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        report = re.fullmatch(r"(.+?) pdf icon PDF (.+)", title)
        minutes = rest.split("Minutes:", 1)[1].strip()
        cut = _CUT.search(minutes)
        if cut:
            # the rest is elsewhere on the site: enough more words that the demo council cuts it, too
            minutes = minutes[: cut.start()] + " and more of it." * 40 + WHOLE
        items.append(
            {
                "number": number,
                "title": report[1] if report else title.strip(),
                "size": report[2] if report else None,
                "minutes": minutes,
            }
        )
    return items


@pytest.fixture
def story() -> Story:
    items = _seed_items()
    documents = [
        {"id": 500 + n, "item": 900 + n, "title": item["title"], "size": item["size"]}
        for n, item in enumerate(items)
        if item["size"]
    ]
    return build_story(
        {
            "council": {
                "name": "Stockton-on-Tees",
                "starts": datetime(2025, 11, 17, 8),  # noqa: DTZ001  local, as all times in a storyline
                "ends": datetime(2026, 1, 10, 8),  # noqa: DTZ001
            },
            "committee": [{"id": 1135, "name": "Safer Stockton Partnership"}],
            "meeting": [
                {
                    "id": 3241,
                    "committee": 1135,
                    "starts": datetime(2025, 11, 26, 9),  # noqa: DTZ001
                    "agenda": True,
                    "item": [
                        {"id": 900 + n, "number": f"{n + 1}.", "title": item["title"]} for n, item in enumerate(items)
                    ],
                }
            ],
            "document": documents,
            "event": [
                {
                    "at": datetime(2025, 12, 3, 9),  # noqa: DTZ001
                    "what": "draft minutes",
                    "meeting": [{"id": 3241, "minutes": True, "draft": True}],
                    "item": [
                        {"id": 900 + n, "number": item["number"], "minutes": item["minutes"]}
                        for n, item in enumerate(items)
                    ],
                }
            ],
        },
        "seed",
    )


@pytest.mark.parametrize("behaviour", [Behaviour(web_service=False), Behaviour(html_blocked=True), Behaviour()])
def test_the_seed_meeting(watch: Any, story: Story, behaviour: Behaviour) -> None:
    seed = _seed_items()
    watched = watch(story, behaviour)
    assert watched.poll() == 0
    watched.hook.take()  # the summary of what stood there
    assert watched.poll(DRAFTED) == 0

    rows = watched.rows("SELECT * FROM items ORDER BY position")
    assert [(row["number"], row["title"]) for row in rows] == [(item["number"], item["title"]) for item in seed]
    assert [row["number"] for row in rows] == [f"SSP/{n}/25" for n in range(42, 55)]
    restricted = {row["number"]: row["restricted_by"] for row in rows if row["restricted"]}
    assert restricted == {f"SSP/{n}/25": "words" for n in range(51, 55)}
    assert next(row for row in rows if row["number"] == "SSP/47/25")["minutes"].endswith("THE END OF THE WHOLE TEXT.")
    if not behaviour.html_blocked:
        sizes = watched.rows("SELECT size_shown FROM documents WHERE item IS NOT NULL ORDER BY id")
        assert [row["size_shown"] for row in sizes] == [item["size"] for item in seed if item["size"]]

    (message,) = watched.hook.take()
    told = " ".join(message.split())
    assert "SSP/46/25" in told and "Operation Shield Update" in told
    assert "A public consultation was scheduled to take place on the proposed revised PSPOs" in told
    assert "due to expire in April 2026" in told
    assert "consultation planned" in told and "April 2026, the present order expires" in told
    assert 'SSP/53/25 "PSPO Update" in the same meeting is restricted' in told

    watched.poll()
    assert watched.hook.take() == []
