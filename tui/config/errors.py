"""What is told of a config that can't be used."""

from __future__ import annotations

from typing import Final, NamedTuple

TOLD: Final = 200
"""Faults of one config that are told: who mends so many looks again anyway."""


class Fault(NamedTuple):
    """One thing that is wrong with a config, in words that need no other help."""

    where: str
    """File, line where one is known, table and key: ``feeds.toml line 12, [[feeds]] #3 "Naharnet" url``."""
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


class ConfigError(Exception):
    """A config that can't be used, with every fault in it, in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        told = [str(fault) for fault in self.faults[:TOLD]]
        if len(self.faults) > TOLD:
            told.append(f"and {len(self.faults) - TOLD:,} faults more")
        return "\n".join(told)
