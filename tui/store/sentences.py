"""What people did, in a sentence of English. Pure."""

from __future__ import annotations

from typing import Any, Final

from tui.incidents.rulings import CORRECT, MERGE, SPLIT, VERBS
from tui.store.desk import ACKNOWLEDGE, NOTE, PAUSE, RESUME, SHELVE
from tui.store.rows import Action
from tui.words import plural

_LEFT_NEW: Final = {ACKNOWLEDGE: "acknowledged", SHELVE: "shelved"}


def words(action: Action) -> str:
    """``severity of incident 12: low → high``; of a verb that is not known the verb and its subject."""
    ids = action.payload.get("ids", ())
    if action.verb in _LEFT_NEW:
        return f"{plural(len(ids), 'incident')} {_LEFT_NEW[action.verb]}"
    if action.verb == CORRECT:
        name, payload = action.payload["field"], action.payload
        change = f"{value_words(payload['before'])} → {value_words(payload['value'])}"
        return f"{name} of incident {ids[0]}: {change}"
    if action.verb == MERGE:
        return f"incident {ids[1]} merged into incident {ids[0]}"
    if action.verb == SPLIT:
        return f"{plural(len(action.payload['keys']), 'report')} split off incident {ids[0]}"
    if action.verb == NOTE:
        return f"note on incident {ids[0]}" if ids else "note on the watch"
    if action.verb in (PAUSE, RESUME):
        return f"feed {'paused' if action.verb == PAUSE else 'polled again'}: {action.subject}"
    return f"{action.verb} {action.subject}"


def undone(action: Action) -> str:
    """What is told to a person who has just taken that back."""
    if action.verb in _LEFT_NEW:
        count = len(action.payload.get("ids", ()))
        return f"Undone: {plural(count, 'incident')} new again, unless another desk took it since."
    later = "; the collector sets it back in a moment" if action.verb in VERBS else ""
    return f"Undone: {words(action)}{later}."


def value_words(value: Any) -> str:
    """A value of a correction as it is stored, for a person: ``high``, ``Naqoura``, ``yemen, iraq-syria``."""
    if value is None:
        return "not told"
    if isinstance(value, dict):
        return str(value["name"])
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)
