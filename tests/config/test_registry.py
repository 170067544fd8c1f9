import csv
import os
from pathlib import Path

import pytest

from config.registry import councils, find, like
from config.web_addresses import site_address


def slugs(*words: str) -> list[str]:
    return [council.slug for council in find(words)]


def test_318_councils_at_313_sites() -> None:
    assert len(councils()) == 318
    assert len({council.base_url for council in councils().values()}) == 313


def test_sites_shared_by_two_councils_say_so_on_both_sides() -> None:
    shared = {council.slug: council.shared_with for council in councils().values() if council.shared_with}
    assert len(shared) == 10
    for slug, (other,) in shared.items():
        assert shared[other] == (slug,)
        assert councils()[other].base_url == councils()[slug].base_url
    assert councils()["adur"].shared_with == ("worthing",)


def test_every_address_is_one_that_the_config_would_accept() -> None:
    for council in councils().values():
        assert site_address(council.base_url) == council.base_url
        assert council.nation in ("England", "Wales", "Scotland", "Northern Ireland", "Ireland")


def test_the_facts_are_those_of_the_source() -> None:
    captures = os.environ.get("MODERNGOV_CAPTURES")
    source = Path(captures).parent / "councils.csv" if captures else None
    if source is None or not source.is_file():
        pytest.skip("MODERNGOV_CAPTURES does not name a folder beside which councils.csv lies")
    with source.open(encoding="utf-8", newline="") as file:
        rows = {row["slug"]: (row["council"], row["nation"], row["base_url"]) for row in csv.DictReader(file)}
    assert rows == {slug: (found.name, found.nation, found.base_url) for slug, found in councils().items()}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (("stockton",), "stockton-on-tees"),
        (("STOCKTON-ON-TEES",), "stockton-on-tees"),
        (("Stockton on", "tees"), "stockton-on-tees"),
        (("kings", "lynn"), "borough-council-of-king-s-lynn-and-west-norfolk"),
        (("King’s Lynn",), "borough-council-of-king-s-lynn-and-west-norfolk"),
        (("Stocktôn",), "stockton-on-tees"),
    ],
)
def test_case_accents_hyphens_and_apostrophes_do_not_matter(words: tuple[str, ...], slug: str) -> None:
    assert slug in slugs(*words)


def test_all_words_must_occur() -> None:
    assert slugs("devon", "mid") == ["mid-devon"]
    assert slugs("devon", "stockton") == []
    assert set(slugs("wales")) >= {council.slug for council in councils().values() if council.nation == "Wales"}
    assert len(slugs()) == 318


def test_the_nearest_of_what_is_not_there() -> None:
    assert like("stokcton-on-tees") == ["stockton-on-tees"]
    assert like("stoktn") == ["stockton-on-tees"]
    assert like("Stockton") == ["stockton-on-tees"]
    assert like("xyzzy") == []
    assert like("") == like("--") == []
    assert like("x" * 10_000) == []
