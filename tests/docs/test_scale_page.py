"""The config that docs/scale.md shows is one."""

from __future__ import annotations

import re
from pathlib import Path

from config.settings import load

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")


def test_its_config_loads(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    path = tmp_path / "councilwatch.toml"
    path.write_text(block, encoding="utf-8")
    assert load(path).service.shard == (2, 5)
