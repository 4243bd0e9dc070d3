"""Whether an incident still needs a person: the one rule that counts and bars go by."""

from __future__ import annotations

from typing import Final

from tui.model import Incident, Kind, Severity, State, Timestamp

QUIET_AFTER: Final = 86_400.0
"""Seconds without a further report after which an incident closes by itself (ISA-18.2's return to normal)."""


ALARM_SEVERITY: Final = Severity.HIGH
"""What is as bad as this or worse needs a response."""


def is_new(incident: Incident, now: Timestamp) -> bool:
    """An incident that nobody has acknowledged and that was told of within the last day."""
    return (
        incident.kind is Kind.INCIDENT
        and incident.state is State.NEW
        and now - QUIET_AFTER < incident.last_seen
    )
