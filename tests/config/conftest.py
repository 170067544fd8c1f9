"""A config that loads, to be spoilt in one place at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import ConfigError, Settings, load

GOOD = """\
[service]
contact = "you@example.org"

[[council]]
slug = "stockton-on-tees"

[[watch]]
name = "Dogs"
topic = "pspo"

[[subscriber]]
name = "residents"
to = ["${RESIDENTS_MAIL}"]
watches = ["Dogs"]
"""


@pytest.fixture
def good() -> str:
    return GOOD


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a config into a folder of its own."""

    def write(text: str | bytes) -> Path:
        path = tmp_path / "councilwatch.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture
def loaded(written: Callable[[str | bytes], Path]) -> Callable[[str | bytes], Settings]:
    return lambda text: load(written(text))


@pytest.fixture
def error_of(written: Callable[[str | bytes], Path], tmp_path: Path) -> Callable[[str | bytes], str]:
    """The line that a wrong config gives, without the folder of the test."""

    def error(text: str | bytes) -> str:
        with pytest.raises(ConfigError) as caught:
            load(written(text))
        line = str(caught.value)
        assert line.isprintable()
        return line.replace(f"{tmp_path}/", "")

    return error
