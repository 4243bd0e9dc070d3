"""``[alarms]``, ``[[alarms.to]]`` and ``[[alarms.suppress]]`` of a feeds.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.config import values as check
from tui.config.faults import Faults
from tui.config.tables import KEYS, OUTPUT_KEYS, SUPPRESS_KEYS, Table
from tui.model import ACT_TYPES, Severity, Suppression
from tui.policy import AlarmOutput, AlarmPolicy, Priority, QuietHours

_PRIORITY: Final = check.one_of(tuple(Priority), "priority")
_MOST: Final = 1000
_OUTPUTS: Final = 20
_RULES: Final = 200
_CONDITIONS: Final = ("fronts", "types", "by", "severity_at_most", "terms", "publishers", "hours")
_AT_MOST: Final = check.one_of(("low", "medium", "high"), "severity that can be suppressed")


def alarm_policy(faults: Faults, values: object) -> AlarmPolicy:
    """The checked policy; faults are noted."""
    table, usual = Table(faults, ("alarms",), values), AlarmPolicy()
    rows = _rows(faults, values, "to", _OUTPUTS)
    return AlarmPolicy(
        ring=Priority(table.optional("ring", _PRIORITY, str(usual.ring))),
        # One place is kept for the bell of a flood.
        at_most=table.optional("at_most", check.whole_number(2, _MOST), usual.at_most),
        quiet=_quiet(table),
        to=tuple(_output(faults, index, row) for index, row in enumerate(rows)),
    )


def suppressions(
    faults: Faults, values: object, front: check.Check[str], publishers: tuple[str, ...]
) -> tuple[Suppression, ...]:
    """The checked rules; faults are noted. ``publishers``: those of the watch's feeds."""
    usual = check.text(60, SUPPRESS_KEYS["publishers"])
    publisher = check.one_of(publishers, "publisher of a feed") if publishers else usual
    return tuple(
        _suppression(Table(faults, ("alarms", "suppress", index), row, _INNER), front, publisher)
        for index, row in enumerate(_rows(faults, values, "suppress", _RULES))
    )


_INNER: Final = {**KEYS, "alarms": SUPPRESS_KEYS}


def _suppression(table: Table, front: check.Check[str], publisher: check.Check[str]) -> Suppression:
    if table.usable and not table.has(*_CONDITIONS):
        what = "has no condition, so it would suppress everything that is not critical"
        table.fault(what, f"add one of {', '.join(_CONDITIONS)}")
    severity = table.optional("severity_at_most", _AT_MOST, "")
    zone = table.optional("zone", check.zone, "UTC")
    hours = table.optional("hours", check.hours_of_day, None)
    return Suppression(
        name=table.required(
            "name", check.text(40, SUPPRESS_KEYS["name"]), same=lambda name: f"rule {name.casefold()}"
        ),
        fronts=table.items("fronts", front),
        types=table.items("types", check.one_of(ACT_TYPES, "type")),
        by=table.items("by", check.text(40, '"other"')),
        severity_at_most=Severity(severity) if severity else None,
        terms=table.items("terms", check.text(100, '"exercise"')),
        publishers=table.items("publishers", publisher),
        hours=None if hours is None else QuietHours(*hours, zone),
        until=table.optional("until", check.end, None),
    )


def _rows(faults: Faults, values: object, key: str, most: int) -> list[object]:
    """The tables under ``[[alarms.key]]``."""
    rows = values.get(key, []) if isinstance(values, Mapping) else []
    if not isinstance(rows, list) or len(rows) > most:
        what = f"is no list of at most {most} tables"
        faults.add(("alarms", key), what, f"head each of them with [[alarms.{key}]]")
        return []
    return rows


def _output(faults: Faults, index: int, row: object) -> AlarmOutput:
    table = Table(faults, ("alarms", "to", index), row, {**KEYS, "alarms": OUTPUT_KEYS})
    name = table.required("name", check.text(40, OUTPUT_KEYS["name"]), same=str.casefold)
    env = table.required("env", check.variable)
    priority = Priority(table.optional("priority", _PRIORITY, "critical"))
    at_most = table.optional("at_most", check.whole_number(1, _MOST), 4)
    return AlarmOutput(name, env, priority, at_most, _quiet(table))


def _quiet(table: Table) -> QuietHours | None:
    zone = table.optional("zone", check.zone, "UTC")
    hours = table.optional("quiet", check.hours_of_day, None)
    return None if hours is None else QuietHours(*hours, zone)
