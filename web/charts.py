"""Small charts, drawn on the server as SVG. Each stands beside a table of the same numbers, so it is hidden from readers
of the screen, who have the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

_HEIGHT: Final = 120
_GAP: Final = 6
_LABEL: Final = 40  # what a label needs
_BELOW: Final = 22
_LEFT: Final = 34


def bars(values: Sequence[tuple[str, float]], second: Sequence[float] = ()) -> Markup:
    """Upright bars of (label, value); `second` are parts of the same bars that are shown darker (the failures of polls)."""
    if not values:
        return Markup("")
    most = max((value for _, value in values), default=0) or 1
    top = _nice(most)
    bar = 56 if len(values) <= 8 else 34 if len(values) <= 16 else 18
    width = _LEFT + len(values) * (bar + _GAP) + _GAP
    parts = [_line(top, top, width), _line(top / 2, top, width), _line(0, top, width)]
    longest = max(len(label) for label, _ in values)
    every = -(-(_LABEL if longest > 2 else 16) // (bar + _GAP))  # as many labels as can be read
    for place, (label, value) in enumerate(values):
        x = _LEFT + _GAP + place * (bar + _GAP)
        parts.append(_bar(x, bar, value, top, "bar"))
        if place < len(second) and second[place]:
            parts.append(_bar(x, bar, second[place], top, "bar bar-second"))
        if place % every == 0:
            parts.append(
                Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    x + bar // 2, _HEIGHT + _BELOW, label
                )
            )
    size = Markup('viewBox="0 0 {} {}" width="{}" height="{}"').format(
        width, _HEIGHT + _BELOW + 10, width, _HEIGHT + _BELOW + 10
    )
    return Markup('<svg class="chart" {} aria-hidden="true" focusable="false">{}</svg>').format(
        size, Markup("").join(parts)
    )


def _bar(x: int, width: int, value: float, top: float, kind: str) -> Markup:
    height = round(value / top * (_HEIGHT - 10), 1)
    if value > 0:
        height = max(height, 1.0)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, x, round(_HEIGHT - height, 1), width, height
    )


def _line(value: float, top: float, width: int) -> Markup:
    y = round(_HEIGHT - value / top * (_HEIGHT - 10), 1)
    label = f"{value:g}"
    return Markup('<line x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>').format(
        _LEFT, width, y, y, _LEFT - 6, y + 4, label
    )


def _nice(most: float) -> float:
    """The next even round number, so that half of it is a number people read easily."""
    step = 1.0
    while True:
        for factor in (2, 4, 10):
            if most <= factor * step:
                return factor * step
        step *= 10
