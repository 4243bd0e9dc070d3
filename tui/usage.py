"""Wrong usage that only the watch or the store can tell: a name that there is not, a time yet to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tui.model import Timestamp


class WrongUsage(Exception):
    """What a command was asked for can't be; a sentence for the person. The exit code is 2."""


def must_be(word: str | None, known: Collection[str], what: str) -> None:
    """Raises :class:`WrongUsage` where a name that was given is none of those that there are."""
    if word is not None and word not in known:
        raise WrongUsage(f"there is no {what} {word!r}: there are {', '.join(known)}")


def since(typed: str, now: Timestamp) -> Timestamp:
    """What ``--since`` means, by the store's clock. Raises :class:`WrongUsage` where that is yet to come."""
    from tui.when import moment  # here, both: the dashboard's start waits for this module
    from tui.words import full_zulu

    at = moment(typed, now)
    if at > now:
        raise WrongUsage(f"--since {typed} is yet to come: the store's clock says {full_zulu(now)}")
    return at
