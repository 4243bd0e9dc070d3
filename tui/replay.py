"""Runs a file of entries through tagging, merging and the store, on the file's own clock."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from tui import paths
from tui.clock import Clock, ManualClock, iso
from tui.incidents.alarms import Bell, Cause
from tui.incidents.standing import Event
from tui.ingest import Ingest, Sighting, Taken, merger_of
from tui.lookout import Lookout
from tui.model import Heartbeat, Incident, Timestamp, Watch
from tui.policy import Priority
from tui.replay_lines import Bad, Lines, ReplayError
from tui.ringer import Ringer, at_last_word
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

DONE: Final = 0
FAULT: Final = 1
TAKEN: Final = 3
"""Exit code where a collector is at the same store."""

BATCH: Final = 500
"""Entries in one transaction at full speed."""

LOOK_EVERY: Final = 3600.0
"""Seconds of the file from one look at the fronts' posture to the next."""

RING_EVERY: Final = 600.0
"""Seconds of the file that are judged as alarms together at full speed: the window of a flood."""

SILENCE: Final = 6 * 3600.0
"""Seconds without an entry after which the file is taken to have a gap, in which nobody watched."""

RULE_SECONDS: Final = 1.0
"""Between looks for what people rule, after the file's end."""

BEAT_SECONDS: Final = 2.0
"""Between heartbeats, and between lines of progress at full speed."""

Tell = Callable[[str], None]

_NEVER: Final = float("-inf")


@dataclass(slots=True)
class Summary:
    """What came of a replay."""

    entries: int = 0
    blank: int = 0
    """Entries without a word."""
    new_reports: int = 0
    bad: list[Bad] = field(default_factory=list)
    seconds: float = 0.0
    touched: dict[int, Incident] = field(default_factory=dict)
    """Every incident and piece of context that the file began or added to, as it stood in the end."""
    events: list[Event] = field(default_factory=list)
    """Changes of posture, and sides active on several fronts, in the time of the file."""
    bells: list[Bell] = field(default_factory=list)
    """Alarms that rang or would have, in the time of the file. Nothing is sent anywhere."""
    priorities: dict[int, Priority] = field(default_factory=dict)
    """Of every incident touched, as judged in the end."""

    def take(self, entries: int, taken: Taken) -> None:
        """Counts a batch."""
        self.entries += entries
        self.new_reports += taken.new_reports
        self.touched.update((each.id, each) for each in taken.touched)
        for id in taken.emptied:
            self.touched.pop(id, None)

    @property
    def rate(self) -> float:
        """Entries a second."""
        return self.entries / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        on_front = sum(each.reports for each in self.touched.values())
        lines = [
            f"{self.entries:,} entries ({self.blank:,} without a word), {self.new_reports:,} new, "
            f"{on_front:,} reports on a front, {len(self.bad):,} bad lines, "
            f"{self.seconds:.1f} s, {self.rate:,.0f} entries/s"
        ]
        table = Counter((front, each.kind) for each in self.touched.values() for front in each.fronts)
        for name in sorted({front for front, _ in table}):
            kinds = ", ".join(
                f"{count:,} {kind}" for (front, kind), count in table.most_common() if front == name
            )
            lines.append(f"{name}: {kinds}")
        lines.append(self._alarms())
        lines += [
            f"{iso(each.at)} {each.subject}: {each.before} -> {each.state}: {each.words}"
            for each in self.events
        ]
        return "\n".join(lines)

    def _alarms(self) -> str:
        """``alarms: 2 critical, 13 high, 57 low; bells: 17, a day 0.5, not rung 2 (limit 2); floods: 0``."""
        judged = Counter(self.priorities.values())
        counts = ", ".join(f"{judged[each]:,} {each}" for each in reversed(Priority))
        rang = sum(bell.rang for bell in self.bells)
        muted = Counter(str(bell.muted) for bell in self.bells if not bell.rang)
        why = f" ({', '.join(f'{name} {count}' for name, count in sorted(muted.items()))})" if muted else ""
        floods = sum(bell.cause is Cause.FLOOD for bell in self.bells)
        return f"alarms: {counts}; bells: {rang:,}, not rung {sum(muted.values()):,}{why}; floods: {floods:,}"


def main(path: Path, watch: Watch, data: Path, speed: float | None, *, parent: bool = False) -> int:
    """``frontwatch replay --headless``: runs to the end of the file or SIGTERM; returns the exit code.

    Progress and faults go to standard error, the summary to standard output. With ``parent`` it serves a
    screen: it goes on beating after the file's last entry, and ends when standard input does.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent:
        threading.Thread(target=_await_end_of_input, args=(stop,), daemon=True).start()
    try:
        summary = replay(path, watch, data, speed, _tell, stop=stop, hold=parent)
    except ReplayError as error:
        _tell(f"frontwatch: {error}")
        return FAULT
    except Timeout:
        _tell(f"frontwatch: a collector is at work in {data}: stop it, or choose another folder with --data")
        return TAKEN
    print(summary, flush=True)
    return FAULT if summary.bad else DONE


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _await_end_of_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


def replay(
    path: Path,
    watch: Watch,
    data: Path,
    speed: float | None,
    tell: Tell,
    *,
    stop: threading.Event | None = None,
    hold: bool = False,
) -> Summary:
    """Puts a file of JSON lines (or .gz of them) into the store in ``data``, each entry at its own time.

    ``speed``: seconds of the file in one second, None for as fast as it goes. A line whose time lies
    before the one above it comes at once; its time is still its own. What the store has already is not
    stored again, so a replay that was broken off can be run again. With ``hold`` it beats on after the end
    until ``stop`` is set.

    Raises :class:`ReplayError` for a file that can't be read, ``filelock.Timeout`` where a collector is at
    the store, and ``StoreError``.
    """
    with (
        closing(Lines(path, watch)) as lines,
        closing(Writer(data / paths.STORE_NAME)) as writer,
        FileLock(data / paths.LOCK_NAME, mode=0o600).acquire(timeout=0),
    ):
        run = _Run(watch, writer, lines, tell, stop or threading.Event())
        if speed is None:
            run.at_full_speed()
        else:
            run.at_speed(speed)
        run.finish(hold=hold)
        return run.summary


class _Run:
    """A replay under way."""

    def __init__(self, watch: Watch, writer: Writer, lines: Lines, tell: Tell, stop: threading.Event) -> None:
        self.summary = Summary()
        self._writer = writer
        self._lines = lines
        self._tell = tell
        self._stop = stop
        self._tagger = Tagger(watch.fronts, watch.tripwires)
        self._ingest: Ingest | None = None
        self._looks = _Looks(watch, writer)
        self._ringer = Ringer(watch, _NEVER, at_last_word)
        self._clock: Clock = ManualClock()
        self._started = time.time()
        self._beat = 0.0

    def at_full_speed(self) -> None:
        """Batch after batch, the clock standing at the last entry of each."""
        batch: list[Sighting] = []
        for sighting in self._sightings():
            if len(batch) == BATCH or (batch and self._ends(batch, sighting.seen)):
                self._take(batch)
                self._show(self._progress())
                batch = []
            batch.append(sighting)
            if self._stop.is_set():
                break
        self._take(batch)

    def _ends(self, batch: list[Sighting], next_seen: Timestamp) -> bool:
        """Whether what comes next belongs to another look, or to alarms of other minutes."""
        return next_seen - batch[0].seen >= RING_EVERY or self._looks.due(next_seen)

    def at_speed(self, speed: float) -> None:
        """Each entry when the clock, which starts at the first one, comes to its time."""
        due: list[Sighting] = []
        for sighting in self._sightings():
            if isinstance(self._clock, ManualClock):
                self._clock = Clock(sighting.seen, rate=speed)
            early = sighting.seen > self._clock.now()
            if early or len(due) == BATCH:  # a full one: the file runs ahead of this machine
                self._take(due)
                self._show(self._at())
                due = []
            if early:
                self._wait(sighting.seen)
            due.append(sighting)
            if self._stop.is_set():
                return
        self._take(due)

    def _wait(self, until: Timestamp) -> None:
        while not self._stop.is_set() and (seconds := self._clock.real_seconds(until - self._clock.now())):
            self._show(self._at())
            self._rule()
            self._looks.until(self._clock.now())
            self._stop.wait(min(seconds, BEAT_SECONDS / 4))

    def finish(self, *, hold: bool) -> None:
        """Lets the store's clock stand at the file's last entry, and tells that it is done."""
        self._clock = ManualClock(self._clock.now() if self.summary.entries else time.time())
        self._looks.until(self._clock.now())
        self.summary.events = self._looks.events
        self.summary.priorities = self._priorities()
        self.summary.blank = self._lines.blank
        self.summary.entries += self._lines.blank
        self.summary.seconds = time.time() - self._started
        how = "stopped" if self._stop.is_set() else "done"
        doing = f"replay {how} · {self.summary.entries:,} entries"
        self._show(doing, at_once=True)
        while hold and not self._stop.wait(RULE_SECONDS):
            self._show(doing)
            self._rule()

    def _priorities(self) -> dict[int, Priority]:
        ids = sorted(self.summary.touched)
        levels = [self._writer.levels(ids[at : at + BATCH]) for at in range(0, len(ids), BATCH)]
        return {id: level.priority for some in levels for id, level in some.items()}

    def _sightings(self) -> Iterator[Sighting]:
        """The file's entries; bad lines are told and counted."""
        for line in self._lines:
            if isinstance(line, Bad):
                self.summary.bad.append(line)
                self._tell(f"line {line.number}: {line.fault}")
                continue
            yield Sighting(line.feed, line.entry, seen=line.published)

    def _take(self, batch: list[Sighting]) -> None:
        if not batch:
            return
        self._rule(batch[0].seen)
        self._looks.until(batch[0].seen)
        self._looks.fed(batch[-1].seen)
        self.summary.take(len(batch), self._ingest_at(batch[0].seen).take_all(batch))
        if isinstance(self._clock, ManualClock):
            self._clock.time = max(self._clock.time, *(sighting.seen for sighting in batch))
        self.summary.bells += self._ringer.ring(self._writer, max(self._clock.now(), batch[-1].seen))

    def _ingest_at(self, now: Timestamp) -> Ingest:
        if self._ingest is None:
            self._ingest = Ingest(self._tagger, merger_of(self._writer, now), self._writer)
            gc.freeze()  # lists and stories stay; to sweep them for garbage takes a fifteenth of the time
        return self._ingest

    def _rule(self, now: Timestamp | None = None) -> None:
        """What people at a screen have ruled meanwhile."""
        now = self._clock.now() if now is None else now
        self.summary.take(0, self._ingest_at(now).rule(now))

    def _at(self) -> str:
        return f"replay ×{self._clock.rate:g} · {self._lines.percent()} of the file"

    def _progress(self) -> str:
        entries, seconds = self.summary.entries, time.time() - self._started
        return (
            f"{self._lines.percent()} · {entries:,} entries · {iso(self._clock.now())} · "
            f"{entries / max(seconds, 1e-9):,.0f} entries/s"
        )

    def _show(self, doing: str, *, at_once: bool = False) -> None:
        """The heartbeat that screens live by, and a line for the person, every other second."""
        now = time.time()
        if now - self._beat < BEAT_SECONDS and not at_once:
            return
        self._beat = now
        clock = self._clock
        rate = 0.0 if isinstance(clock, ManualClock) else clock.rate
        self._writer.beat(Heartbeat(os.getpid(), self._started, now, clock.now(), now, rate, doing))
        self._tell(doing)


class _Looks:
    """The looks at the fronts' posture, one at each full hour of the file."""

    def __init__(self, watch: Watch, writer: Writer) -> None:
        self.events: list[Event] = []
        self._lookout = Lookout(watch, polls=False, lapse=2 * LOOK_EVERY)
        self._writer = writer
        self._fed = _NEVER
        # What an earlier run has looked at stands as it was told then.
        looked = writer.looked_until()
        self._next = _NEVER if looked is None else looked + LOOK_EVERY

    def fed(self, at: Timestamp) -> None:
        """An entry of that time has come."""
        self._fed = max(self._fed, at)

    def due(self, now: Timestamp) -> bool:
        """Whether there is a look to be had by then; the first one is at the next full hour."""
        if self._next == _NEVER:
            self._next = now // LOOK_EVERY * LOOK_EVERY + LOOK_EVERY
        return self._next <= now

    def until(self, now: Timestamp) -> None:
        """Every look that is due by then; of a gap of the file only the one at its end."""
        while self.due(now):
            if self._next - self._fed > SILENCE:
                self._next = max(self._next, now // LOOK_EVERY * LOOK_EVERY)
            self.events += self._lookout.look(self._writer, self._next)
            self._next += LOOK_EVERY
