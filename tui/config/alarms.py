"""``[alarms]`` and ``[[alarms.to]]`` of a feeds.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.config import values as check
from tui.config.faults import Faults
from tui.config.tables import KEYS, OUTPUT_KEYS, Table
from tui.policy import AlarmOutput, AlarmPolicy, Priority, QuietHours

_PRIORITY: Final = check.one_of(tuple(Priority), "priority")
_MOST: Final = 1000
_OUTPUTS: Final = 20


def alarm_policy(faults: Faults, values: object) -> AlarmPolicy:
    """The checked policy; faults are noted."""
    table, usual = Table(faults, ("alarms",), values), AlarmPolicy()
    rows = values.get("to", []) if isinstance(values, Mapping) else []
    if not isinstance(rows, list) or len(rows) > _OUTPUTS:
        faults.add(("alarms", "to"), "is no list of a few outputs", "head each output with [[alarms.to]]")
        rows = []
    return AlarmPolicy(
        ring=Priority(table.optional("ring", _PRIORITY, str(usual.ring))),
        # One place is kept for the bell of a flood.
        at_most=table.optional("at_most", check.whole_number(2, _MOST), usual.at_most),
        quiet=_quiet(table),
        to=tuple(_output(faults, index, row) for index, row in enumerate(rows)),
    )


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
