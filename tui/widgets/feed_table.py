"""The table of feeds: its columns, orders and filters, and what is wrong with a feed in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tui.feeds.health import SLOW, FeedState, judge
from tui.model import FeedRecord, Timestamp
from tui.widgets.words import age, plural, zulu

ORDER: Final = (
    FeedState.FAILING,
    FeedState.GONE,
    FeedState.STALE,
    FeedState.EMPTY,
    FeedState.LATE,
    FeedState.MOVED,
    FeedState.PAUSED,
    FeedState.WAITING,
    FeedState.FRESH,
)
"""What needs a person comes first."""
BAD: Final = (FeedState.FAILING, FeedState.GONE, FeedState.STALE, FeedState.EMPTY, FeedState.LATE)
"""States in which what a feed has to say is not seen."""
LEAST_NAME: Final = 16
MOST_NAME: Final = 40
INLINE: Final = 46
"""Cells from which on what is wrong has room on the row itself."""
_LAST: Final = 1e18
"""Stands for what is not known: it is sorted last."""


@dataclass(frozen=True, slots=True)
class Row:
    """A feed with its state."""

    record: FeedRecord
    state: FeedState
    now: Timestamp


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures."""

    title: str
    width: int
    words: Callable[[Row], str]
    keep: int
    """The narrower it gets, the sooner go those with a low number."""


def rows_of(records: Sequence[FeedRecord], now: Timestamp) -> list[Row]:
    """Every feed with its state."""
    return [Row(record, judge(record, now), now) for record in records]


def share(part: int, whole: int) -> str:
    """``37%``; a dash where there is nothing to share."""
    return f"{100 * part // whole}%" if whole else "–"


def size(count: int) -> str:
    """``96K``, ``1.4M``."""
    if not count:
        return "–"
    return f"{count / 1024**2:.1f}M" if count >= 1024**2 else f"{max(1, round(count / 1024))}K"


def _newest(row: Row) -> str:
    return "–" if row.record.newest is None else age(row.now - row.record.newest)


def _gap(row: Row) -> str:
    return "–" if row.record.gap is None else age(row.record.gap)


def _next(row: Row) -> str:
    record = row.record
    if record.paused_by or record.next_poll is None or row.state is FeedState.GONE:
        return "–"
    return age(record.next_poll - row.now) if record.next_poll > row.now else "due"


def interval_of(record: FeedRecord) -> float:
    """Seconds between its polls, as they are planned."""
    return record.interval or record.every


COLUMNS: Final = (
    Column("newest", 8, _newest, 9),
    Column("gap", 6, _gap, 4),
    Column("next", 6, _next, 7),
    Column("every", 7, lambda row: age(interval_of(row.record)), 6),
    Column("size", 7, lambda row: size(row.record.bytes), 2),
    Column("304", 6, lambda row: share(row.record.unchanged, row.record.answers), 3),
    Column("relevant", 10, lambda row: share(row.record.relevant, row.record.stored), 5),
)
STATE: Final = 9
"""Cells of the column of states, which stands before all."""


def columns_for(width: int) -> tuple[list[Column], int]:
    """The columns that have room, and the cells of a name."""
    chosen = list(COLUMNS)
    while chosen and width - STATE - sum(column.width for column in chosen) < LEAST_NAME + 2:
        chosen.remove(min(chosen, key=lambda column: column.keep))
    rest = width - STATE - sum(column.width for column in chosen)
    return chosen, max(1, min(MOST_NAME, rest))


def _state_key(row: Row) -> float:
    return ORDER.index(row.state)


ORDERS: Final[tuple[tuple[str, Callable[[Row], float]], ...]] = (
    ("state", _state_key),
    ("feed", lambda row: 0.0),
    ("newest", lambda row: _LAST if row.record.newest is None else row.record.newest),
    ("gap", lambda row: _LAST if row.record.gap is None else -row.record.gap),
    ("next", lambda row: _LAST if row.record.next_poll is None else row.record.next_poll),
    ("every", lambda row: -interval_of(row.record)),
    ("size", lambda row: -row.record.bytes),
    ("304", lambda row: row.record.unchanged / max(1, row.record.answers)),
    ("relevant", lambda row: row.record.relevant / row.record.stored if row.record.stored else _LAST),
)
"""Columns by which the table can be sorted: what may need a person comes first in each; of equals by name."""


def ordered(rows: Sequence[Row], column: str) -> list[Row]:
    """The rows by that column."""
    key = dict(ORDERS)[column]
    return sorted(rows, key=lambda row: (key(row), row.record.name.casefold()))


EVERY: Final = "all"
TROUBLED: Final = "not fresh"


def filters_of(rows: Sequence[Row]) -> list[str]:
    """What the table can be narrowed down to: all, what is not fresh, and each state that there is."""
    states = [state for state in ORDER if any(row.state is state for row in rows)]
    troubled = [TROUBLED] if any(row.state is not FeedState.FRESH for row in rows) else []
    return [EVERY, *troubled, *map(str, states)]


def filtered(rows: Sequence[Row], wanted: str) -> list[Row]:
    """The rows that are wanted."""
    if wanted == EVERY:
        return list(rows)
    if wanted == TROUBLED:
        return [row for row in rows if row.state is not FeedState.FRESH]
    return [row for row in rows if row.state == wanted]


def summary(rows: Sequence[Row], room: int) -> str:
    """``43 feeds, 38 fresh, 3 failing, 2 late``; with little room how many are not fresh."""
    counts = Counter(row.state for row in rows)
    fresh = counts[FeedState.FRESH]
    others = [f"{counts[state]} {state}" for state in ORDER if counts[state] and state is not FeedState.FRESH]
    words = ", ".join([plural(len(rows), "feed"), f"{fresh} fresh", *others])
    return (
        words
        if len(words) <= room
        else f"{plural(len(rows), 'feed')}, {fresh} fresh, {len(rows) - fresh} not"
    )


def complaint(row: Row) -> str:
    """What is wrong with a feed, and what to do about it; empty where nothing is."""
    record, now = row.record, row.now
    told = [_of_state(row)]
    if record.rest_until is not None and record.rest_until > now:
        told.append(f"its server asks to be left alone until {zulu(record.rest_until, now)}")
    if record.moved and row.state is not FeedState.MOVED:
        told.append(_moved(record))
    if record.took >= SLOW and not record.error:
        told.append(f"slow: its last answer took {record.took:.0f} s")
    return " · ".join(words for words in told if words)


def _of_state(row: Row) -> str:
    record, now = row.record, row.now
    match row.state:
        case FeedState.PAUSED:
            return f"paused by {record.paused_by}"
        case FeedState.STALE:
            return "nobody polled it in time" if record.last_ok is None else f"not polled since {_ago(row)}"
        case FeedState.EMPTY:
            return "it answers, but without a single entry"
        case FeedState.LATE:
            silent, pause = age(now - (record.newest or now)), age(record.longest or 0.0)
            return f"nothing new for {silent}; its longest pause was {pause}"
        case FeedState.MOVED:
            return _moved(record)
        case _:
            since = record.failing_since
            long = since is not None and now - since > interval_of(record)
            told = [record.error, f"since {zulu(since, now)}" if long and since else ""]
            if record.failures > 1:
                told.append(f"held back after {record.failures} failures")
            return " · ".join(words for words in told if words)


def _moved(record: FeedRecord) -> str:
    return f"moved for good: put into feeds.toml {record.moved}"


def _ago(row: Row) -> str:
    return f"{zulu(row.record.last_ok or 0.0, row.now)}, {age(row.now - (row.record.last_ok or 0.0))} ago"
