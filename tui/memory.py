"""What one person's screens remember from start to start: theme, row height, the front in focus, initials.

One small JSON file in the platform's state folder, readable by its owner alone. It holds comfort and nothing
else: where it is not there, can't be read or is broken, every answer is the default and the watch goes on.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Final, TypeVar, cast

T = TypeVar("T")

MAX_BYTES: Final = 64 * 1024
"""A file that is larger than this is none that we wrote."""
WORD: Final = 80
"""Characters of a remembered word that are given back."""

_log = logging.getLogger(__name__)


class Memory:
    """Remembered values by key. Several screens may share the file: of one key the last written stands."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, object] | None = None

    def get(self, key: str, default: T) -> T:
        """What was remembered under ``key``; ``default`` where that is nothing, or of another type."""
        if self._values is None:
            self._values = self._read()
        value = self._values.get(key, default)
        if type(value) is not type(default):
            return default
        return cast(T, _safe(value))

    def set(self, key: str, value: str | int | float | bool | list[str] | list[float]) -> None:
        """Remember a value; what cannot be written is logged and lasts until this screen ends."""
        if self._values is not None and self._values.get(key) == value:
            return
        self._values = {**self._read(), key: value}
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(self._values, file, indent=1, sort_keys=True)
            beside.replace(self._path)
        except OSError as error:
            _log.warning("%s can't be written (%s): %s is not remembered", self._path, error.strerror, key)

    def _read(self) -> dict[str, object]:
        try:
            with self._path.open("rb") as file:
                body = file.read(MAX_BYTES + 1)
            values = json.loads(body) if len(body) <= MAX_BYTES else None
        except FileNotFoundError:
            return {}
        except OSError as error:
            _log.warning("%s can't be read (%s): the defaults hold", self._path, error.strerror)
            return {}
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            _log.warning("%s is broken: the defaults hold", self._path)
            return {}
        return values


def _safe(value: object) -> object:
    """The value with its text made safe: anybody may have written the file."""
    if isinstance(value, str):
        return _safe_word(value)
    if isinstance(value, list):
        return [_safe_word(item) if isinstance(item, str) else item for item in value]
    return value


def _safe_word(word: str) -> str:
    if len(word) <= WORD and word.isascii() and word.isprintable():
        return word
    from tui.feeds.safe_text import safe_text  # here: the first paint need not wait for it

    return safe_text(word, WORD)
