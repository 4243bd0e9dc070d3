"""What people did, in a sentence of English. Pure."""

from __future__ import annotations

from typing import Any, Final

from tui.incidents.rulings import CORRECT, MERGE, SPLIT, VERBS
from tui.model import Place
from tui.store.desk import ACKNOWLEDGE, NOTE, PAUSE, RESUME, SHELVE
from tui.store.rows import Action
from tui.words import plural

_LEFT_NEW: Final = {ACKNOWLEDGE: "acknowledged", SHELVE: "shelved"}


def words(action: Action) -> str:
    """``severity of incident 12: low → high``; of a verb that is not known the verb and its subject."""
    payload = action.payload
    ids = payload.get("ids", ())
    if action.verb in _LEFT_NEW:
        return f"{plural(len(ids), 'incident')} {_LEFT_NEW[action.verb]}"
    if action.verb == CORRECT and ids:
        change = f"{value_words(payload.get('before'))} → {value_words(payload.get('value'))}"
        return f"{payload.get('field')} of incident {ids[0]}: {change}"
    if action.verb == MERGE and len(ids) > 1:
        return f"incident {ids[1]} merged into incident {ids[0]}"
    if action.verb == SPLIT and ids and isinstance(payload.get("keys"), list):
        return f"{plural(len(payload['keys']), 'report')} split off incident {ids[0]}"
    if action.verb == NOTE:
        return f"note on {f'incident {ids[0]}' if ids else 'the watch'}: {note_text(action)}"
    if action.verb in (PAUSE, RESUME):
        return f"feed {'paused' if action.verb == PAUSE else 'resumed'}: {action.subject}"
    return f"{action.verb} {action.subject}"


def undone(action: Action) -> str:
    """What is told to a person who has just taken that back."""
    if action.verb in _LEFT_NEW:
        count = len(action.payload.get("ids", ()))
        return f"Undone: {plural(count, 'incident')} new again, unless another desk took it since."
    later = "; set back in a moment" if action.verb in VERBS else ""
    return f"Undone: {words(action)}{later}."


def note_text(note: Action) -> str:
    """What was noted."""
    return str(note.payload.get("text", ""))


def value_words(value: Any) -> str:
    """A value of a correction for a person: ``high``, ``Naqoura``, ``yemen, iraq-syria``.

    As the incident holds it, or as its JSON in the store.
    """
    if value is None:
        return "not told"
    if isinstance(value, Place):
        return value.name
    if isinstance(value, dict):
        return str(value.get("name", "a place"))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none of ours"
    return str(value)
