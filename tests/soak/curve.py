"""The figures of a month drawn as SVG: small panels above each other, days along the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from tests.soak.judge import WARM_UP, Row

WIDTH: Final = 1000
PANEL: Final = 132
"""Height of a panel, with the room above it."""
LEFT, RIGHT, TOP, PLOT = 64, 210, 44, 92
"""Of the plot in a panel; at the right its legend."""
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""After Okabe and Ito: told apart by everybody."""


class Panel(NamedTuple):
    """Figures that are drawn together."""

    title: str
    figures: Mapping[str, str]
    """Names in the rows, and in words."""
    from_zero: bool = True


def draw(title: str, panels: Sequence[Panel], rows: Sequence[Row]) -> str:
    """All panels, over the same days. A figure that a row lacks is not drawn there."""
    height = TOP + PANEL * len(panels) + 34
    days = [row["day"] for row in rows]
    first, last = days[0], days[-1]

    def across(day: float) -> float:
        return LEFT + (day - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    warm = across(first + (last - first) * WARM_UP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="DejaVu Sans, sans-serif" font-size="12" fill="#222">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    for number, panel in enumerate(panels):
        top = TOP + number * PANEL + 24
        parts.append(f'<rect x="{LEFT}" y="{top}" width="{warm - LEFT:.1f}" height="{PLOT}" fill="#f1f1f1"/>')
        parts += _panel(panel, rows, top, across)
    foot = TOP + PANEL * len(panels) + 8
    for day in range(int(first), int(last) + 1, 5):
        parts.append(f'<text x="{across(max(day, first)):.1f}" y="{foot}" text-anchor="middle">{day}</text>')
    parts.append(f'<text x="{LEFT}" y="{foot + 18}">day of the month; grey: warm-up</text></svg>')
    return "\n".join(parts) + "\n"


def _panel(panel: Panel, rows: Sequence[Row], top: float, across: object) -> list[str]:
    assert callable(across)
    values = [row[name] for name in panel.figures for row in rows if name in row]
    low = 0.0 if panel.from_zero else min(values)
    high = _round_up(max(values)) if max(values) > low else low + 1.0
    bottom, right = top + PLOT, WIDTH - RIGHT

    def up(value: float) -> float:
        return bottom - (value - low) / (high - low) * PLOT

    parts = [f'<text x="{LEFT}" y="{top - 7}" font-weight="bold">{escape(panel.title)}</text>']
    for value in (low, (low + high) / 2, high):
        y = up(value)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    for number, (name, words) in enumerate(panel.figures.items()):
        points = [(across(row["day"]), up(row[name])) for row in rows if name in row]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
        y = top + 14 + 18 * number
        last = next(row[name] for row in reversed(rows) if name in row)
        parts.append(f'<path d="M{right + 10} {y - 4}h18" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{right + 34}" y="{y}">{escape(words)} {_short(last)}</text>')
    return parts


def _round_up(value: float) -> float:
    """The next of 1, 2, 3, 4, 5, 6, 8 and 10 times a power of ten."""
    power = 10.0 ** (len(f"{int(value)}") - 1) if value >= 1 else 0.1
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10, 20) if step * power >= value)


def _short(value: float) -> str:
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g}M"
    if abs(value) >= 1e4:
        return f"{value / 1e3:.3g}k"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
