"""Dates as councils write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.dates import find_dates, iso, resolve

TODAY = date(2025, 11, 26)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("on Friday 30th January 2026", ["2026-01-30"]),
        ("the 16th of January 2026", ["2026-01-16"]),
        ("by 31/12/2025", ["2025-12-31"]),
        ("by 31.12.25", ["2025-12-31"]),
        ("by 2026-01-09", ["2026-01-09"]),
        ("30 Jan '26", ["2026-01-30"]),
        ("January 30, 2026", ["2026-01-30"]),
        ("from 3 November to 14 December 2025", ["2025-11-03", "2025-12-14"]),
        ("3–28 November 2025", ["2025-11-03", "2025-11-28"]),
        ("between 1 and 28 September 2025", ["2025-09-01", "2025-09-28"]),
        ("24 November 2025 to 4 January", ["2025-11-24", "2026-01-04"]),
        ("24 November to 4 January 2026", ["2025-11-24", "2026-01-04"]),
        ("the end of March 2026", ["2026-03"]),
        ("in April", ["2026-04"]),
        ("spring 2026", ["2026"]),
        ("later in 2026", ["2026"]),
        ("ar 12 Ionawr 2026 ac ym mis Hydref 2026", ["2026-01-12", "2026-10"]),
        ("29 February", ["2028-02-29"]),
        ("on the 21st of this month", ["2025-11-21"]),
        ("by the 5th of next month", ["2025-12-05"]),
        ("this coming September", ["2026-09"]),
        ("in March next year", ["2026-03"]),
        ("on 30 June next.", ["2026-06-30"]),
        ("on the fourteenth of October", ["2026-10-14"]),
        ("at the January meeting", ["2026-01"]),
        ("at its January meeting", ["2026-01"]),
        ("consultation June to July", ["2026-06", "2026-07"]),
        ("over July", ["2026-07"]),
        ("next summer", ["2026"]),
        ("the May elections", []),
        ("valid to 17.8.26.", ["2026-08-17"]),
        ("expires 02/2026", ["2026-02"]),
    ],
)
def test_read_as_precisely_as_they_stand(text: str, found: list[str]) -> None:
    read = find_dates(text)
    assert [iso(resolve(one, TODAY, past=False), one.precision) for one in read] == found


@pytest.mark.parametrize(
    "text",
    [
        "section 12.1 of the Act 2014",
        "Order 2023",
        "the 2025/26 budget",
        "members may march",
        "In March 12 people came",
        "31 February 2026",
        "before Christmas",
        "following the January meeting",
        "at 9.30 on the 30th",
        "£3.50 may be charged",
        "winter 2025/26",
        "between 1 May and 30 September each year",
    ],
)
def test_no_dates(text: str) -> None:
    assert find_dates(text) == []


def test_a_year_left_out_is_the_next_or_the_last() -> None:
    (stated,) = find_dates("on 14 December")
    assert resolve(stated, TODAY, past=False) == date(2025, 12, 14)
    assert resolve(stated, TODAY, past=True) == date(2024, 12, 14)
    (stated,) = find_dates("last October")
    assert resolve(stated, TODAY, past=False) == date(2025, 10, 1)


@given(st.text(alphabet="0123456789 ./-–ofstndrhMarchJune2025to,and'", max_size=80))
def test_any_text_is_read_in_place(text: str) -> None:
    last = 0
    for stated in find_dates(text):
        assert last <= stated.start < stated.end <= len(text)
        last = stated.end
        for past in (True, False):
            day = resolve(stated, TODAY, past=past)
            assert stated.day in (None, day.day)
            assert stated.month in (None, day.month)
            assert stated.year in (None, day.year)
