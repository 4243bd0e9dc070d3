"""How times and numbers are written for a person, on a screen as in a report. Pure."""

from __future__ import annotations

from tui.clock import DAY, utc
from tui.model import Timestamp


def age(seconds: float) -> str:
    """At most four characters, as ``12s``, ``90m``, ``5h``, ``9d``, ``14w``; a time to come is ``0s``."""
    seconds = max(0.0, seconds)
    for size, unit in ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m")):
        # Minutes up to two hours and hours up to two days say more than a rounded "1h", "1d".
        if seconds >= (size if unit in "m" else 2 * size):
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}s"


def zulu(timestamp: Timestamp, now: Timestamp | None = None) -> str:
    """``18:42Z``; a day or more from ``now`` the date, ``01 Dec``, and of another year ``2023-12-01``."""
    moment = utc(timestamp)
    if now is None or abs(now - timestamp) < DAY:
        return moment.strftime("%H:%MZ")
    this_year = moment.year == utc(now).year
    return moment.strftime("%d %b" if this_year else "%Y-%m-%d")


def full_zulu(timestamp: Timestamp) -> str:
    """``1 Dec 2023 18:42Z``."""
    moment = utc(timestamp)
    return f"{moment.day} {moment.strftime('%b %Y %H:%MZ')}"


def day(timestamp: Timestamp) -> str:
    """``17 Oct 2023``, UTC."""
    moment = utc(timestamp)
    return f"{moment.day} {moment:%b %Y}"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 report``, ``3 reports``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
