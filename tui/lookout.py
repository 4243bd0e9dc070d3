"""A look at every front, time after time: what was seen of it, how it stands, and whether that changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tui.clock import DAY, HOUR
from tui.feeds.health import Coverage, coverage
from tui.incidents.at_once import active
from tui.incidents.posture import Signs, doubt_of, step
from tui.incidents.standing import ACTIVE, BLIND, COVERAGE, FRESH, POSTURE, Event, Standing
from tui.incidents.surge import compare
from tui.incidents.tempo import REACH, WINDOWS, Usual, learn
from tui.model import Front, Timestamp, Watch
from tui.store.writer import Writer

log = logging.getLogger(__name__)

LAPSE: Final = 900.0
"""Seconds from look to look that still count as watched; after more of them nobody did."""
OUTAGE: Final = 60.0
"""Seconds without a sign of life of any collector that are told as an outage when the next one starts."""
RELEARN: Final = 6 * HOUR
"""Seconds after which the usual is learnt anew: four weeks change little in less."""


@dataclass(slots=True)
class Lookout:
    """Looks at the fronts of one watch. It belongs to the thread of the writer that it is given."""

    watch: Watch
    polls: bool = True
    """Whether entries come from feeds, which may be blind; those of a replay come from a file."""
    lapse: float = LAPSE
    _last: Timestamp | None = None
    _usual: dict[str, tuple[float, Usual]] = field(default_factory=dict)
    """By front, with the part of the day in which it was learnt."""
    _turning: dict[str, Timestamp] = field(default_factory=dict)
    """Fronts whose coverage was found otherwise than it stands, with when: it turns at the next look."""

    def start(self, writer: Writer, now: Timestamp) -> list[Event]:
        """Notes before the first sign of life of a collector for how long there was none.

        Raises ``StoreError``.
        """
        last = writer.heartbeat()
        if last is None:
            return []
        since = last.origin + (last.beat - last.anchor) * last.rate
        return self._unwatched(writer, since, now) if now - since >= OUTAGE else []

    def look(self, writer: Writer, now: Timestamp) -> list[Event]:
        """Notes what was seen since the last look and how everything stands now.

        Returns what changed. Raises ``StoreError``.
        """
        changed = []
        if self.polls and self._last is not None and now - self._last > self.lapse:
            changed = self._unwatched(writer, self._last, now)  # the machine slept
        before = writer.standings()
        covered = self._covered(writer, now)
        blind = frozenset(front for front, found in covered.items() if found.blind)
        writer.saw(dict(self._seen(now, blind)))
        self._last = now
        after = [
            step(
                before.get((POSTURE, front.id)),
                front.id,
                self._signs(writer, front, now, front.id in blind),
                now,
                front.posture or self.watch.posture,
            )
            for front in self.watch.fronts
        ]
        after += self._active(writer, before, now)
        after += self._coverage(before, covered, now)
        changed += writer.stand(after, now)
        for event in changed:
            log.info("%s: %s -> %s: %s", event.subject, event.before, event.state, event.words)
        return changed

    def _unwatched(self, writer: Writer, since: Timestamp, until: Timestamp) -> list[Event]:
        words = f"nobody watched from {_minute(since, until)} to {_minute(until, until)}"
        log.warning("%s", words)
        return writer.unwatched(since, until, words)

    def _covered(self, writer: Writer, now: Timestamp) -> dict[str, Coverage]:
        """How far each front can be seen; nothing where there are no feeds."""
        if not self.polls:
            return {}
        records = writer.feeds()
        return {front.id: coverage(records, front.id, now) for front in self.watch.fronts}

    def _coverage(
        self,
        before: Mapping[tuple[str, str], Standing],
        covered: Mapping[str, Coverage],
        now: Timestamp,
    ) -> Iterator[Standing]:
        """Fronts that went blind or see again.

        It is told at the second look in a row that finds it: a round of late polls is no outage.
        """
        for front, found in covered.items():
            state = BLIND if found.blind else FRESH
            stood = before.get((COVERAGE, front))
            if stood is not None and stood.state == state:
                self._turning.pop(front, None)
            elif (first := self._turning.setdefault(front, now)) < now:
                del self._turning[front]
                words = f"{found.fresh} of {found.total} feeds fresh"
                since = first if found.blind_since is None else found.blind_since
                if found.blind_since is not None:
                    words += f", blind since {_minute(since, now)}"
                yield Standing(COVERAGE, front, state, since, now, words)

    def _seen(self, now: Timestamp, blind: frozenset[str]) -> Iterator[tuple[tuple[str, int], float]]:
        """Seconds for which each front was seen since the last look, by hour of the clock."""
        start = now if self._last is None else self._last
        if not 0.0 < now - start <= self.lapse:
            return
        for hour in range(int(start // HOUR), int(now // HOUR) + 1):
            seconds = min(now, (hour + 1) * HOUR) - max(start, hour * HOUR)
            for front in self.watch.fronts:
                if front.id not in blind and seconds > 0.0:
                    yield (front.id, hour), seconds

    def _signs(self, writer: Writer, front: Front, now: Timestamp, blind: bool) -> Signs:
        usual = self._learnt(writer, front, now)
        grave = writer.grave(front.id, now - DAY, now)
        return Signs(
            excesses=compare(writer.hours(front.id, now, WINDOWS[0]), usual),
            critical=grave.critical,
            tripwires=grave.tripwires,
            unconfirmed=grave.unconfirmed,
            doubt=doubt_of(usual),
            blind=blind,
        )

    def _learnt(self, writer: Writer, front: Front, now: Timestamp) -> Usual:
        part = now // RELEARN
        kept = self._usual.get(front.id)
        if kept is None or kept[0] != part:
            kept = part, learn(writer.hours(front.id, now, REACH), front.zone)
            self._usual[front.id] = kept
        return kept[1]

    def _active(
        self, writer: Writer, before: dict[tuple[str, str], Standing], now: Timestamp
    ) -> list[Standing]:
        stood = {subject: standing for (kind, subject), standing in before.items() if kind == ACTIVE}
        attacks = writer.attacks(now - self.watch.posture.active_within, now)
        names = {front.id: front.name for front in self.watch.fronts}
        return list(active(stood, attacks, now, self.watch.posture, names).values())


def _minute(moment: Timestamp, now: Timestamp) -> str:
    """``1 Dec 03:10Z``; of another year than that of ``now`` with its year."""
    said, today = datetime.fromtimestamp(moment, UTC), datetime.fromtimestamp(now, UTC)
    year = f" {said.year}" if said.year != today.year else ""
    return f"{said.day} {said:%b}{year} {said:%H:%M}Z"
