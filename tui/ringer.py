"""Judges every incident that is new or changed as an alarm, and rings for it or not.

It also brings incidents to the states that come by time and rule: closed, open again, suppressed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tui.incidents.alarms import MEMORY, WINDOW, Bell, Bells, Level
from tui.incidents.attention import QUIET_AFTER, Turn, turn_of
from tui.incidents.outbox import Outboxes
from tui.incidents.priority import judge
from tui.incidents.standing import POSTURE, Posture
from tui.incidents.suppress import Suppressions
from tui.incidents.trust import doubt_of
from tui.model import Incident, Severity, State, Timestamp, Watch
from tui.policy import AlarmOutput
from tui.store import messages
from tui.store.connect import StoreError
from tui.store.writer import Writer

log = logging.getLogger(__name__)

SWEEP_EVERY = 60.0
"""Seconds between looks at what time has closed, or a rule that is over no longer suppresses."""


def at_last_word(incident: Incident, now: Timestamp) -> Timestamp:
    """The time of an incident's last report, for a replay: its batch holds some minutes of the file."""
    return min(incident.last_seen, now)


class Ringer:
    """Rings by one watch from ``start`` on. It belongs to the thread of the writer that it is given.

    ``outputs``: who is to be told of it by message; they are put into the store to be sent.
    """

    def __init__(
        self,
        watch: Watch,
        start: Timestamp,
        moment: Callable[[Incident, Timestamp], Timestamp] = lambda _, now: now,
        outputs: Sequence[AlarmOutput] = (),
    ) -> None:
        self.watch = watch
        self._start = start
        self._moment = moment
        self._outputs = outputs
        self._suppressions = Suppressions(watch.suppressions)
        self._names = {front.id: front.name for front in watch.fronts}
        self._memory: tuple[Bells, Outboxes] | None = None
        self._swept: Timestamp | None = None

    def ring(self, writer: Writer, now: Timestamp) -> list[Bell]:
        """Judges what time has brought and what changed, stores and returns the bells.

        Raises ``StoreError``.
        """
        if back := writer.unshelve(now):
            log.info("no longer shelved: %s", back)
        if self._swept is None or not 0.0 <= now - self._swept < SWEEP_EVERY:
            self._sweep(writer, now)
        bells: list[Bell] = []
        while (changed := writer.unjudged())[1]:
            bells += self._judge(writer, *changed, now)
        for bell in bells:
            log.info("alarm%s: %s", f", not rung ({bell.muted})" if bell.muted else "", bell.words)
        return bells

    def _sweep(self, writer: Writer, now: Timestamp) -> None:
        """Brings to their states those that did not change: by time, by a rule that ends or is another."""
        _tell(writer.close_quiet(now))
        states = [State.SUPPRESSED]
        if self._swept is None and self._suppressions:
            states.append(State.NEW)  # a rule that is new holds of what there is too
        turns = self._turns(writer, writer.open_since(now - QUIET_AFTER, states), now)
        if turns:
            writer.turn(turns, now)
            _tell(turns)
        self._swept = now

    def _turns(self, writer: Writer, incidents: Iterable[Incident], now: Timestamp) -> list[Turn]:
        return [
            turn
            for incident in incidents
            if (turn := turn_of(incident, self._rule_of(writer, incident, now), now)) is not None
        ]

    def _rule_of(self, writer: Writer, incident: Incident, now: Timestamp) -> str:
        if not self._suppressions.may_hold(incident, now):
            return ""
        return self._suppressions.rule_of(incident, writer.reports(incident.id), now)

    def _judge(self, writer: Writer, seq: int, incidents: list[Incident], now: Timestamp) -> list[Bell]:
        if self._memory is None:
            recent = writer.mail(lambda db: messages.posted(db, now - WINDOW)) if self._outputs else []
            self._memory = (
                Bells(self.watch.alarms, self._start, writer.bells(now - MEMORY)),
                Outboxes(self._outputs, recent),
            )
        rings, outboxes = self._memory
        postures = {
            subject: Posture(one.state)
            for (kind, subject), one in writer.standings().items()
            if kind == POSTURE and one.state in tuple(Posture)
        }
        before = writer.levels([each.id for each in incidents])
        after: dict[int, Level] = {}
        bells: list[Bell] = []
        incidents = [each for each in incidents if any(front in self._names for front in each.fronts)]
        turns = self._turns(writer, incidents, now)
        turned = {turn.incident: turn.state for turn in turns}
        for incident in sorted(incidents, key=lambda each: (self._moment(each, now), each.id)):
            doubt = doubt_of(writer.reports(incident.id)) if incident.severity is Severity.CRITICAL else ""
            stand = [
                (self._names[front], postures[front])
                for front in incident.fronts
                if front in self._names and front in postures
            ]
            level, rung = rings.consider(
                incident._replace(state=turned.get(incident.id, incident.state)),
                before.get(incident.id),
                judge(incident, stand, doubt),
                judge(incident, doubt=doubt).points,
                self._moment(incident, now),
            )
            bells += rung
            if level is not None and level != before.get(incident.id):
                after[incident.id] = level
        try:
            writer.judge(seq, after, bells, outboxes.posts(bells), turns, now=now)
        except StoreError:
            self._memory = None  # it knows of bells that are not stored: the store's are read anew
            raise
        _tell(turns)
        return bells


def _tell(turns: Sequence[Turn]) -> None:
    for (verb, rule), count in Counter((turn.verb, turn.rule) for turn in turns).items():
        log.info("%s%s: %d incidents", verb, f" by {rule}" if rule else "", count)
