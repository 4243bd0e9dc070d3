"""Whether an incident still needs a person, and which state it comes to by time and rule. Pure.

The states are those of ISA-18.2. People acknowledge and shelve; what is here comes by itself.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from tui.model import Incident, Kind, Severity, State, Timestamp

QUIET_AFTER: Final = 86_400.0
"""Seconds without a further report after which an incident closes by itself (ISA-18.2's return to normal)."""


GRAVE: Final = (Severity.CRITICAL, Severity.HIGH)
"""What is new and so bad needs a response: the header draws it as that."""


def is_new(incident: Incident, now: Timestamp) -> bool:
    """An incident that nobody has acknowledged and that was told of within the last day."""
    return (
        incident.kind is Kind.INCIDENT
        and incident.state is State.NEW
        and now - QUIET_AFTER < incident.last_seen
    )


class Verb(StrEnum):
    """What comes by itself, as the log calls it."""

    CLOSE = "close"
    REOPEN = "reopen"
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"


class Turn(NamedTuple):
    """An incident comes to another state by time or rule."""

    incident: int
    verb: Verb
    before: State
    rule: str = ""
    """Name of the rule that suppresses it; empty for every other verb."""

    @property
    def state(self) -> State:
        """The state that it comes to."""
        return {Verb.CLOSE: State.CLOSED, Verb.SUPPRESS: State.SUPPRESSED}.get(self.verb, State.NEW)


def turn_of(incident: Incident, rule: str, now: Timestamp) -> Turn | None:
    """What an incident has come to; None: it stands where it stood.

    ``rule``: name of the suppression that holds of it, empty where none does. What is quiet is closed,
    whatever it was before; but a shelving ends by its time only. What a person has acknowledged no rule
    suppresses. A report that is as old as that itself does not open anything again.
    """
    before = incident.state
    if incident.kind is not Kind.INCIDENT or before is State.SHELVED:
        return None
    if now - incident.last_seen >= QUIET_AFTER:
        return None if before is State.CLOSED else Turn(incident.id, Verb.CLOSE, before)
    if before is State.ACKNOWLEDGED:
        return None
    if rule:
        known = before is State.SUPPRESSED and incident.state_by == rule
        return None if known else Turn(incident.id, Verb.SUPPRESS, before, rule)
    if before is State.NEW:
        return None
    return Turn(incident.id, Verb.REOPEN if before is State.CLOSED else Verb.UNSUPPRESS, before)
