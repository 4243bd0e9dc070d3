"""Judges every incident that is new or changed as an alarm, and rings for it or not."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tui.incidents.alarms import MEMORY, Bell, Bells, Level
from tui.incidents.priority import judge
from tui.incidents.standing import POSTURE, Posture
from tui.model import Incident, Timestamp, Watch
from tui.store.connect import StoreError
from tui.store.writer import Writer

log = logging.getLogger(__name__)


def at_last_word(incident: Incident, now: Timestamp) -> Timestamp:
    """The time of an incident's last report, for a replay: its batch holds some minutes of the file."""
    return min(incident.last_seen, now)


class Ringer:
    """Rings by one watch from ``start`` on. It belongs to the thread of the writer that it is given."""

    def __init__(
        self,
        watch: Watch,
        start: Timestamp,
        moment: Callable[[Incident, Timestamp], Timestamp] = lambda _, now: now,
    ) -> None:
        self.watch = watch
        self._start = start
        self._moment = moment
        self._bells: Bells | None = None

    def ring(self, writer: Writer, now: Timestamp) -> list[Bell]:
        """Ends shelvings, judges what changed, and stores and returns the bells. Raises ``StoreError``."""
        if self._bells is None:
            self._bells = Bells(self.watch.alarms, self._start, writer.bells(now - MEMORY))
        if back := writer.unshelve(now):
            log.info("no longer shelved: %s", back)
        bells: list[Bell] = []
        while (changed := writer.unjudged())[1]:
            bells += self._judge(writer, *changed, now)
        for bell in bells:
            log.info("alarm%s: %s", f", not rung ({bell.muted})" if bell.muted else "", bell.words)
        return bells

    def _judge(self, writer: Writer, seq: int, incidents: list[Incident], now: Timestamp) -> list[Bell]:
        assert self._bells is not None
        names = {front.id: front.name for front in self.watch.fronts}
        postures = {
            subject: Posture(one.state)
            for (kind, subject), one in writer.standings().items()
            if kind == POSTURE
        }
        before = writer.levels([each.id for each in incidents])
        after: dict[int, Level] = {}
        bells: list[Bell] = []
        incidents = [each for each in incidents if any(front in names for front in each.fronts)]
        for incident in sorted(incidents, key=lambda each: (self._moment(each, now), each.id)):
            stand = [
                (names[front], postures[front])
                for front in incident.fronts
                if front in names and front in postures
            ]
            level, rung = self._bells.consider(
                incident,
                before.get(incident.id),
                judge(incident, stand),
                judge(incident).priority,
                self._moment(incident, now),
            )
            bells += rung
            if level is not None and level != before.get(incident.id):
                after[incident.id] = level
        try:
            writer.judge(seq, after, bells)
        except StoreError:
            self._bells = None  # it knows of bells that are not stored: the store's are read anew
            raise
        return bells
