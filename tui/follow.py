"""Follows the store for a screen: a thread that tells what changed, and never makes a key wait."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.clock import STALE_HEARTBEAT, Clock
from tui.feeds.health import Coverage, coverage
from tui.incidents.alarms import MEMORY, Bell, Bells
from tui.incidents.attention import QUIET_AFTER
from tui.incidents.standing import ACTIVE, POSTURE, STORE, Standing
from tui.model import FeedRecord, Front, Heartbeat, Incident, Severity, Timestamp
from tui.policy import AlarmPolicy
from tui.store.connect import StoreError, identity, still_there
from tui.store.reader import Reader
from tui.store.rows import Counts

if TYPE_CHECKING:
    from tui.store.past import Past

log = logging.getLogger(__name__)

LOOK_EVERY = 0.25
"""Seconds between looks for a change: an acknowledgement at another desk shows within one."""
REFRESH_EVERY = 10.0
"""Seconds after which counts and coverage are told anew although nothing changed: time does change them."""


class FrontFigures(NamedTuple):
    """What a pane's head says."""

    counts: Counts
    coverage: Coverage
    newest: Timestamp | None
    """When the newest report on the front was published."""
    posture: Standing | None = None
    """None where the front was never looked at."""


class Picture(NamedTuple):
    """What a board needs to be brought up to date: one frozen piece from data to drawing."""

    seq: int
    incidents: tuple[Incident, ...]
    """Those that changed since the picture before."""
    figures: dict[str, FrontFigures]
    """By front id."""
    coverage: Coverage
    """Of all feeds."""
    heartbeat: Heartbeat | None
    new: Mapping[Severity, int]
    """How much is new on any front of the watch, by severity."""
    bells: tuple[Bell, ...] = ()
    """Alarms that rang or would have since the picture before."""
    flood: Timestamp | None = None
    """Since when there are so many alarms that they no longer ring one by one."""
    in_window: int = 0
    """Alarms within ten minutes."""
    active: tuple[Standing, ...] = ()
    """Sides that are active on several fronts at once."""
    failing: int = 0
    """Feeds whose last poll failed."""
    common_fault: str = ""
    """The fault that most of them have, in words."""
    damage: Standing | None = None
    """That the store was once damaged, with what was saved of it; None where it never was."""
    fault: str = ""
    """Why the store cannot be read, in words; empty when it can."""


def clock_of(heartbeat: Heartbeat | None) -> Clock:
    """The clock that the collector lives by; the machine's where there is none.

    That of one that has long been silent was a replay's or a demo's: its present is over.
    """
    machine = Clock()
    if heartbeat is None or (heartbeat.rate == 1.0 and heartbeat.origin == heartbeat.anchor):
        return machine
    if abs(machine.now() - heartbeat.beat) > STALE_HEARTBEAT:
        return machine
    return Clock(heartbeat.origin, anchor=heartbeat.anchor, rate=heartbeat.rate)


def take_picture(reader: Reader, fronts: tuple[Front, ...], since: int) -> Picture:
    """Everything that changed since ``since``, one of the store's ``seq``, with the figures as they stand."""
    incidents: list[Incident] = []
    seq = since
    while (change := reader.changes(seq)).seq > seq:
        incidents += change.incidents
        seq = change.seq
    heartbeat = reader.heartbeat()
    now = clock_of(heartbeat).now()
    records: list[FeedRecord] = reader.feeds()
    standings = reader.standings()
    figures = {
        front.id: FrontFigures(
            reader.counts(front.id, now),
            coverage(records, front.id, now),
            reader.newest(front.id),
            standings.get((POSTURE, front.id)),
        )
        for front in fronts
    }
    recent = Bells(AlarmPolicy(), now, reader.bells(now - MEMORY))
    flood = recent.flood if recent.settle(now) else None
    return Picture(
        seq=seq,
        bells=tuple(reader.bells_after(since)),
        flood=flood,
        in_window=recent.in_window,
        incidents=tuple({incident.id: incident for incident in incidents}.values()),
        figures=figures,
        coverage=coverage(records, None, now),
        heartbeat=heartbeat,
        new=reader.new_counts([front.id for front in fronts], now - QUIET_AFTER),
        active=tuple(one for one in standings.values() if one.kind == ACTIVE and one.state == ACTIVE),
        damage=standings.get((STORE, STORE)),
        failing=sum(record.failures > 0 for record in records),
        common_fault=_most_common(record.error for record in records if record.failures),
    )


def past_picture(past: Past, fronts: tuple[Front, ...]) -> Picture:
    """The figures as they stood at a past minute."""
    standings = past.standings()
    figures = {
        front.id: FrontFigures(
            past.counts(front.id),
            past.coverage(front.id),
            past.newest(front.id),
            standings.get((POSTURE, front.id)),
        )
        for front in fronts
    }
    bells = Bells(AlarmPolicy(), past.at, past.bells())
    return _EMPTY._replace(
        figures=figures,
        new=Counter(each for _, each in past.new([front.id for front in fronts], past.at - QUIET_AFTER)),
        flood=bells.flood if bells.settle(past.at) else None,
        in_window=bells.in_window,
        active=tuple(one for one in standings.values() if one.kind == ACTIVE and one.state == ACTIVE),
    )


def _most_common(faults: Iterable[str]) -> str:
    ranked = Counter(faults).most_common(1)
    return ranked[0][0] if ranked else ""


class OneAtATime:
    """Hands on one picture, and the next when that was taken; what comes meanwhile becomes one.

    So nothing piles up behind a terminal that is frozen for hours. From any thread.
    """

    def __init__(self, deliver: Callable[[Picture], None]) -> None:
        self._deliver = deliver
        self._lock = threading.Lock()
        self._under_way = False
        self._waiting: Picture | None = None

    def put(self, picture: Picture) -> None:
        """Hand it on, now or with what comes after it."""
        with self._lock:
            if self._under_way:
                waiting = self._waiting
                self._waiting = picture if waiting is None else _together(waiting, picture)
                return
            self._under_way = True
        self._deliver(picture)

    def forget(self) -> None:
        """Drop what waits: it is of a store that is the store no more."""
        with self._lock:
            self._waiting = None

    def taken(self) -> None:
        """The picture that was handed on has come to where it is shown."""
        with self._lock:
            picture, self._waiting = self._waiting, None
            self._under_way = picture is not None
        if picture is not None:
            self._deliver(picture)


def _together(earlier: Picture, later: Picture) -> Picture:
    """The later one, with what had changed in the earlier one too."""
    changed = {each.id: each for each in (*earlier.incidents, *later.incidents)}
    return later._replace(incidents=tuple(changed.values()), bells=earlier.bells + later.bells)


class Follower(threading.Thread):
    """Looks four times a second whether the store changed, and hands on a picture when it did."""

    def __init__(
        self, path: Path, fronts: tuple[Front, ...], since: int, deliver: Callable[[Picture], None]
    ) -> None:
        super().__init__(name="follower", daemon=True)
        self._path = path
        self._fronts = fronts
        self._seq = since
        self._deliver = deliver
        self._last = _EMPTY
        self._end = threading.Event()

    def watch_fronts(self, fronts: tuple[Front, ...]) -> None:
        """Tell the figures of these fronts from the next picture on."""
        self._fronts = fronts

    def stop(self) -> None:
        """End within a look; returns when it has."""
        self._end.set()
        self.join(timeout=2.0)

    def run(self) -> None:
        """Until :meth:`stop`; a store that cannot be read is told once and tried again."""
        told = ""
        while not self._end.is_set():
            try:
                self._follow()
            except Exception as error:  # nothing may end this thread in silence: the board would look quiet
                words = error.brief if isinstance(error, StoreError) else f"cannot be followed: {error!r}"
                if words != told:
                    log.error("store: %s", words, exc_info=error)
                    told = words
                # The board keeps what it knew, under a line that says that it is no longer so.
                self._deliver(self._last._replace(seq=self._seq, incidents=(), bells=(), fault=words))
                self._end.wait(2.0)

    def _follow(self) -> None:
        opened = identity(self._path)
        reader = Reader(self._path)
        version, age, fronts = -1, REFRESH_EVERY, self._fronts
        try:
            while not self._end.is_set():
                still_there(self._path, opened)
                latest = reader.version()
                due = age >= REFRESH_EVERY or fronts != self._fronts
                if due or (latest != version and reader.seq() != self._seq):
                    fronts, age = self._fronts, 0.0
                    self._last = take_picture(reader, fronts, self._seq)
                    self._seq = self._last.seq
                    self._deliver(self._last)
                elif latest != version:
                    # The collector's heart and nothing else: two small reads every other second.
                    self._last = self._last._replace(incidents=(), bells=(), heartbeat=reader.heartbeat())
                    self._deliver(self._last)
                version = latest
                self._end.wait(LOOK_EVERY)
                age += LOOK_EVERY
        finally:
            reader.close()


_EMPTY = Picture(seq=0, incidents=(), figures={}, coverage=coverage((), None, 0.0), heartbeat=None, new={})
