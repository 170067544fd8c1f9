"""Shares of the councils: no site in two, none forgotten, two councils of one site always together."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from config import registry
from config.settings import Settings, load
from councilwatch.poll import sources


def _all_councils(folder: Path) -> Settings:
    councils = "\n".join(f'[[council]]\nslug = "{slug}"' for slug in registry.councils())
    path = folder / "councilwatch.toml"
    path.write_text(f'[service]\ncontact = "tests@example.org"\n{councils}\n', encoding="utf-8")
    return load(path)


def test_every_site_of_the_registry_is_in_exactly_one_shard(tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("shards")  # type: ignore[attr-defined]
    everything = _all_councils(folder)
    whole = sources(everything)
    assert len(whole) == 313

    @settings(max_examples=20, deadline=None)
    @given(st.integers(min_value=1, max_value=40))
    def split(count: int) -> None:
        shares = [
            sources(
                everything.model_copy(update={"service": everything.service.model_copy(update={"shard": (n, count)})})
            )
            for n in range(1, count + 1)
        ]
        assert sorted(site for share in shares for site in share) == sorted(whole)
        assert all(share[site] == whole[site] for share in shares for site in share)

    split()
