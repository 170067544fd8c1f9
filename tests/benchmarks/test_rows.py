"""Rows that a reader judges us by: no goal is met by measuring something else, and no two rows have the same words."""

from __future__ import annotations

import pytest

from benchmarks import changed_page, faults, unchanged_sweep
from benchmarks.changed_page import PARSING, Turn
from benchmarks.measure import Cost, Figure
from benchmarks.unchanged_sweep import Swept


def by_words(figures: list[Figure]) -> dict[str, Figure]:
    told = {figure.what: figure for figure in figures}
    assert len(told) == len(figures)
    return told


@pytest.mark.parametrize(("parsing", "share_met", "third_met"), [(6, True, True), (9, False, True), (14, False, False)])
def test_parsing_is_shown_by_both_readings_of_its_goal(parsing: int, share_met: bool, third_met: bool) -> None:
    come, gone = Turn(0.400, {PARSING: parsing / 50}), Turn(0.300, {PARSING: 0.150})  # 20 pages each
    told = by_words(changed_page.rows(come, gone, 20))
    assert [f.met for what, f in told.items() if f.goal] == [True, share_met, third_met]
    assert told["parsing, share of the whole"].value == f"{parsing / 20:.2f}"
    assert told["parsing, where a page may cost 40 ms"].goal == "at most 13.3 ms"
    assert told["parsing, share of that"].value == "0.50"


def test_a_cron_job_is_compared_with_the_whole_process_and_with_the_daemon() -> None:
    own, their = Swept(Cost(1, 0.6, 1), 0.0005), Swept(Cost(1, 0.5, 1), 0.001)
    told = by_words(unchanged_sweep.ratios("urlwatch", own, their, 0.0005, 300))
    assert [(f.value, f.goal, f.met) for f in told.values() if f.goal] == [
        ("1.20", "at most 0.50", False),
        ("0.30", "at most 0.50", True),
    ]
    assert [f.value for f in unchanged_sweep.ratios("changedetection.io", own, their, 0.0005, 300) if f.goal] == [
        "0.30"
    ]


def test_each_way_of_watching_has_rows_of_its_own() -> None:
    scores = [faults.Score(watching) for watching in (faults.EVERY, faults.FOR_WORD)]
    by_words([row for score in scores for row in faults.rows("councilwatch", score, [], ours=True)])
