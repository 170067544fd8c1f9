"""The reference of the operator's file: each block loads, and each key is in it with its true default."""

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from config.councils import NATIONS, CouncilAsWritten, Politeness
from config.settings import File, Operator, Service, Settings, Subscriber, Timetable, Watch
from config.times import AtOnce, read_deliver, read_span
from config.watches import FIELDS, KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TABLES: dict[str, type[BaseModel]] = {
    "[service]": Service,
    "[operator]": Operator,
    "[politeness]": Politeness,
    "[[council]]": CouncilAsWritten,
    "[[watch]]": Watch,
    "[[subscriber]]": Subscriber,
    "[timetable]": Timetable,
}


def section(heading: str) -> str:
    return PAGE.partition(f"## `{heading}`\n")[2].partition("\n## ")[0]


def test_there_is_a_section_for_each_table() -> None:
    assert re.findall(r"^## `(.*)`$", PAGE, re.MULTILINE) == list(TABLES)
    assert {heading.strip("[]") for heading in TABLES} == set(File.model_fields)


@pytest.mark.parametrize("block", BLOCKS)
def test_each_block_loads(loaded: Callable[[str], Settings], block: str) -> None:
    said = tomllib.loads(block)
    if "service" not in said:
        block += '[service]\ncontact = "you@example.org"\n'
    if "council" not in said:
        block += '[[council]]\nslug = "adur"\n'
    loaded(block)


@pytest.mark.parametrize("heading", TABLES)
def test_each_key_is_told_with_its_default(heading: str) -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section(heading), re.MULTILINE))
    fields = {field.alias or name: field for name, field in TABLES[heading].model_fields.items()}
    assert set(told) == set(fields)
    for key, field in fields.items():
        default = field.default
        if default is PydanticUndefined:
            assert told[key] == "required", key
        elif default is None:
            assert told[key] == "none", key
        else:
            value = tomllib.loads(f"value = {told[key].strip('`')}")["value"]
            if isinstance(default, timedelta):
                value = read_span(value)
            elif isinstance(default, AtOnce):
                value = read_deliver(value)
            elif isinstance(default, Path):
                value = Path(value)
            elif isinstance(default, tuple):
                value = tuple(value)
            assert value == default, key


def test_all_fields_kinds_and_nations_are_told() -> None:
    told = set(re.findall(r"`([a-z]+\.[a-z]+)`", section("[[watch]]")))
    assert told == set(KINDS)
    assert all(f'`"{field}"`' in section("[[watch]]") for field in FIELDS)
    assert all(f'`"{nation}"`' in section("[[council]]") for nation in NATIONS)
