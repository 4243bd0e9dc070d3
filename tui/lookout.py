"""A look at every front, time after time: what was seen of it, how it stands, and whether that changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tui.feeds.health import coverage
from tui.incidents.at_once import active
from tui.incidents.posture import Signs, doubt_of, step
from tui.incidents.standing import ACTIVE, POSTURE, Event, Standing
from tui.incidents.surge import compare
from tui.incidents.tempo import HOUR, REACH, WINDOWS, Usual, learn
from tui.model import Front, Timestamp, Watch
from tui.store.writer import Writer

log = logging.getLogger(__name__)

DAY: Final = 86_400.0
LAPSE: Final = 900.0
"""Seconds from look to look that still count as watched; after more of them nobody did."""
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

    def look(self, writer: Writer, now: Timestamp) -> list[Event]:
        """Notes what was seen since the last look and how everything stands now.

        Returns what changed. Raises ``StoreError``.
        """
        before = writer.standings()
        blind = self._blind(writer, now)
        writer.saw(dict(self._seen(now, blind)))
        self._last = now
        after = [
            step(
                before.get((POSTURE, front.id)),
                front.id,
                self._signs(writer, front, now, front.id in blind),
                now,
                self.watch.posture,
            )
            for front in self.watch.fronts
        ]
        after += self._active(writer, before, now)
        changed = writer.stand(after, now)
        for event in changed:
            log.info("%s: %s -> %s: %s", event.subject, event.before, event.state, event.words)
        return changed

    def _blind(self, writer: Writer, now: Timestamp) -> frozenset[str]:
        if not self.polls:
            return frozenset()
        records = writer.feeds()
        return frozenset(front.id for front in self.watch.fronts if coverage(records, front.id, now).blind)

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
