"""The tables of a feeds.toml: which keys each may have, and their checked values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from tui.config import values as check
from tui.config.faults import Faults, header
from tui.config.lines import KeyPath
from tui.keymap import names
from tui.palette import ROLES

T = TypeVar("T")

KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "watch": {"title": '"Axis of Resistance"', "every": '"5m"', "keep": '"90d"', "zones": '["Asia/Tehran"]'},
    "fetch": {
        "allow_hosts": '["127.0.0.1"]',
        "timeout": '"20s"',
        "silence": '"10s"',
        "max_bytes": '"10MiB"',
        "max_redirects": "5",
        "max_entries": "2000",
        "per_host": "2",
        "fastest": '"1m"',
        "slowest": '"6h"',
        "adaptive": "true",
    },
    "posture": {
        "elevated": "0.01",
        "surge": "0.0005",
        "fewest": "3",
        "hold": '"12h"',
        "active_fronts": "2",
        "active_within": '"6h"',
        "active_sides": '["axis"]',
    },
    "alarms": {
        "ring": '"high"',
        "at_most": "6",
        "quiet": '"22:00-06:00"',
        "zone": '"Asia/Beirut"',
        "to": '[{ name = "Phone", env = "FRONTWATCH_PHONE" }]',
        "suppress": '[{ name = "Border patrols", types = ["raid"], severity_at_most = "low" }]',
    },
    "screen": {"theme": '"day"', "rtl": '"visual"'},
    "themes": {"base": '"night"', **dict.fromkeys(ROLES, '"#ffb454"')},
    "keys": dict.fromkeys(names(), '["x"]'),
    "fronts": {
        "id": '"yemen"',
        "name": '"Yemen / Red Sea"',
        "zone": '"Asia/Aden"',
        "city": '"Sanaa"',
        "lexicons": '["yemen"]',
        "terms": '["Bab al-Mandab"]',
        "vetoes": '["Mocha coffee"]',
        "posture": "{ fewest = 5 }",
    },
    "feeds": {
        "name": '"Naharnet"',
        "url": '"https://www.example.org/rss"',
        "publisher": '"naharnet"',
        "language": '"en"',
        "reliability": '"B"',
        "front": '"lebanon-border"',
        "every": '"10m"',
    },
    "tripwires": {
        "name": '"A declared war"',
        "terms": '["declares war"]',
        "fronts": '["yemen"]',
        "by": '["other"]',
        "against": '["other"]',
        "types": '["drone"]',
        "killed_at_least": "1",
        "kinds": '["incident", "statement"]',
    },
}
"""The tables of the file and their keys, each with an example for the mend."""


OUTPUT_KEYS: Final[Mapping[str, str]] = {
    "name": '"Phone"',
    "env": '"FRONTWATCH_PHONE"',
    "priority": '"critical"',
    "at_most": "4",
    "quiet": '"22:00-06:00"',
    "zone": '"Asia/Beirut"',
}
"""The keys of ``[[alarms.to]]``."""

SUPPRESS_KEYS: Final[Mapping[str, str]] = {
    "name": '"Border patrols"',
    "fronts": '["yemen"]',
    "types": '["raid"]',
    "by": '["other"]',
    "severity_at_most": '"low"',
    "terms": '["exercise"]',
    "publishers": '["naharnet"]',
    "hours": '"22:00-06:00"',
    "zone": '"Asia/Beirut"',
    "until": "2023-12-31",
}
"""The keys of ``[[alarms.suppress]]``."""

FRONT_POSTURE_KEYS: Final = {
    key: example for key, example in KEYS["posture"].items() if not key.startswith("active")
}
"""The keys of ``[fronts.posture]``."""


class Table:
    """One table of the document: hands out checked values, and notes the faults of the rest."""

    def __init__(
        self,
        faults: Faults,
        at: KeyPath,
        values: object,
        keys: Mapping[str, Mapping[str, str]] = KEYS,
    ) -> None:
        self._faults = faults
        self._at = at
        self._examples = keys[str(at[0])]
        self._values: Mapping[str, object] = {}
        if not isinstance(values, dict):
            mend = f"write its keys under a line {header(str(at[0]))}"
            faults.add(at, f"is {check.type_name(values)}, not a table", mend)
            self.usable = False
            return
        self._values = values
        self.usable = True
        for key in values:
            if key not in self._examples:
                near = check.did_you_mean(key, self._examples)
                mend = f"did you mean {near}?" if near else f"the keys here are {', '.join(self._examples)}"
                faults.add((*at, key), "is no key of this table", mend)

    def required(
        self, key: str, checker: check.Check[str], *, same: Callable[[str], str] | None = None
    ) -> str:
        """The checked text, or an empty string once its fault is noted.

        No two tables may have texts that ``same`` makes equal.
        """
        if key not in self._values:
            if self.usable:
                self._faults.add(self._at, f"{key} is missing", f"add {key} = {self._examples[key]}")
            return ""
        value = self.optional(key, checker, "")
        if value and same is not None:
            self._faults.once((*self._at, key), same(value))
        return value

    def has(self, *keys: str) -> bool:
        """Whether one of the keys is there, with whatever value."""
        return any(key in self._values for key in keys)

    def fault(self, what: str, mend: str) -> None:
        """Note a fault of the table as a whole."""
        self._faults.add(self._at, what, mend)

    def optional(self, key: str, checker: check.Check[T], default: T) -> T:
        """The checked value, or ``default`` where there is none or its fault is noted."""
        if key not in self._values:
            return default
        return self._checked((*self._at, key), self._values[key], checker, default)

    def items(self, key: str, checker: check.Check[str]) -> tuple[str, ...]:
        """The checked items of a list, without those whose fault is noted."""
        values = self._values.get(key, [])
        if not isinstance(values, list):
            what = f"is {check.type_name(values)}, not a list"
            self._faults.add((*self._at, key), what, f"write a list, as in {key} = {self._examples[key]}")
            return ()
        checked = (
            self._checked((*self._at, key, index), item, checker, "") for index, item in enumerate(values)
        )
        return tuple(item for item in checked if item)

    def _checked(self, at: KeyPath, value: object, checker: check.Check[T], default: T) -> T:
        try:
            return checker(value)
        except check.Refused as refused:
            self._faults.add(at, refused.what, refused.mend)
            return default


def rows(
    name: str, document: Mapping[str, object], faults: Faults, *, needed: bool = True
) -> dict[KeyPath, object]:
    """The tables under ``[[name]]`` by their place; where they are ``needed``, at least one must be there."""
    tables = document.get(name, [])
    if not isinstance(tables, list):
        mend = f"head each {name.removesuffix('s')} with {header(name)} in double brackets"
        faults.add((name,), f"is {check.type_name(tables)}, not a list of tables", mend)
        return {}
    if not tables and needed:
        first, second = list(KEYS[name].items())[:2]
        mend = f"add a table {header(name)} with {first[0]} = {first[1]}, {second[0]} = {second[1]} and so on"
        faults.add((), f"names no {name.removesuffix('s')}", mend)
    return {(name, index): item for index, item in enumerate(tables)}
