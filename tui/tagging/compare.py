"""What changed between two runs of ``frontwatch evaluate --json`` on the same lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from tui.feeds.safe_text import safe_values

_TABLES: Final = ("fronts", "incidents")
_FIGURES: Final = ("precision", "recall", "f1")
_LONGEST: Final = 2_000
"""Characters of one text in it."""
_LEAST: Final = 0.0005
"""A figure that moves by less is shown as the same."""


def read_run(path: Path) -> dict[str, Any]:
    """An earlier run. Raises :class:`ValueError` where the file is none, or :class:`OSError`."""
    try:
        run = safe_values(json.loads(path.read_text(encoding="utf-8")), _LONGEST)
    except ValueError as fault:
        raise ValueError(f"{path}: not the JSON of a run: {fault}") from fault
    if not isinstance(run, dict) or not {"lines", "misses", "facts", *_TABLES} <= run.keys():
        raise ValueError(f"{path}: not what `frontwatch evaluate --json` printed")
    return run


def compare(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Figures that moved, and the lines that are right now or wrong now and were not before."""
    old, new = _figures(before), _figures(now)
    moved = [
        {"figure": name, "before": old.get(name), "now": new.get(name)}
        for name in sorted(old.keys() | new.keys())
        if _differs(old.get(name), new.get(name))
    ]
    wrong_before, wrong_now = _wrong(before), _wrong(now)
    return {
        "lines": {"before": before["lines"], "now": now["lines"]},
        "figures": moved,
        "mended": [wrong_before[key] for key in wrong_before if key not in wrong_now],
        "broken": [wrong_now[key] for key in wrong_now if key not in wrong_before],
    }


def render_changes(changes: dict[str, Any]) -> str:
    """The same for a person."""
    lines = [f"{len(changes['mended'])} lines mended, {len(changes['broken'])} broken"]
    if changes["lines"]["before"] != changes["lines"]["now"]:
        lines.append("other lines than then: {before} before, {now} now".format(**changes["lines"]))
    lines += [
        f"  {row['figure']:<44} {_share(row['before'])} -> {_share(row['now'])}" for row in changes["figures"]
    ]
    for name in ("mended", "broken"):
        for miss in changes[name]:
            lines += ["", f"{name}: {miss['file']} line {miss['line']}: {miss['title']}"]
            lines += [f"    {wrong}" for wrong in miss["wrong"]]
    return "\n".join(lines) + "\n"


def _figures(run: dict[str, Any]) -> dict[str, float | None]:
    figures: dict[str, float | None] = {"kind accuracy": run["kind_accuracy"]}
    for table in _TABLES:
        for row in run[table]:
            for name in _FIGURES:
                figures[f"{table} {row['language'] or '-'} {row['front']} {name}"] = row[name]
    for fact, counts in run["facts"].items():
        figures[fact] = counts["right"] / counts["judged"] if counts["judged"] else None
    return figures


def _wrong(run: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Misses by file and title: a line that moved in its file is the same line."""
    return {(miss["file"], miss["title"]): miss for miss in run["misses"]}


def _differs(before: float | None, now: float | None) -> bool:
    if before is None or now is None:
        return before is not now
    return abs(before - now) >= _LEAST


def _share(value: float | None) -> str:
    return "    -" if value is None else f"{value:.3f}"
