"""When to believe that something is gone. A page that lacks what stood there may only be having a bad day.

Pure. A sighting of the loss is one good poll that saw the page without the thing; unchanged bytes are one too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from history.database import moment

THIRD: Final = 3  # more than one in three of what stood on the page, missing at once, is believed later
SIGHTINGS: Final = 2  # the poll that first missed it, and the next good one
SIGHTINGS_OF_A_LOT: Final = 3
SPAN_OF_A_LOT: Final = timedelta(hours=6)  # from the first sighting to the last


def a_lot(missing: int, stood: int) -> bool:
    """Whether so many of what stood are missing that the page itself is in doubt."""
    return missing * THIRD > stood


def believed(missing: int, stood: int, sightings: int, since: str, now: str) -> bool:
    """Whether a thing is gone, that `sightings` good polls (this one counted) missed since `since`, while `missing`
    of the `stood` things on its page are missing now."""
    if not a_lot(missing, stood):
        return sightings >= SIGHTINGS
    return sightings >= SIGHTINGS_OF_A_LOT and moment(now) - moment(since) >= SPAN_OF_A_LOT
