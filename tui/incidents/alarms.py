"""When an alarm rings: once an incident, again when it is promoted or more are dead. Pure.

The ways of ISA-18.2 and EEMUA 191: ten alarms in ten minutes are a flood, in which one bell stands for all
until fewer than five come in ten minutes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from tui.incidents.attention import QUIET_AFTER
from tui.model import Incident, Kind, Severity, State, Timestamp
from tui.policy import AlarmPolicy, Priority, QuietHours

if TYPE_CHECKING:
    from tui.incidents.priority import Judged

WINDOW: Final = 600.0
"""Seconds in which alarms are counted, for a flood as for the limit."""
FLOOD_FROM: Final = 10
"""Alarms in the window that begin a flood (EEMUA 191, ISA-18.2: ten an operator in ten minutes)."""
FLOOD_UNTIL: Final = 5
"""Alarms in the window below which it ends (ISA-18.2)."""
MEMORY: Final = 6 * 3600.0
"""Seconds of bells from which it is known again whether a flood is on."""
GRACE: Final = 1800.0
"""Seconds before the start of the collector from which news still rings: feeds tell of it later."""


class Cause(StrEnum):
    """Why a bell."""

    NEW = "new"
    PRIORITY = "priority"
    """Its own facts or their corroboration raised the priority."""
    SEVERITY = "severity"
    DEAD = "dead"
    FLOOD = "flood"
    """So many at once that this one bell stands for all."""
    UNKNOWN = "unknown"
    """The store was written by a newer version, which has more of them."""

    @classmethod
    def _missing_(cls, value: object) -> Cause:
        return cls.UNKNOWN


class Muted(StrEnum):
    """Why a bell was not rung."""

    NO = ""
    FLOOD = "flood"
    QUIET = "quiet hours"
    LIMIT = "limit"
    UNKNOWN = "unknown reason"
    """As above."""

    @classmethod
    def _missing_(cls, value: object) -> Muted:
        return cls.UNKNOWN


@dataclass(frozen=True, slots=True)
class Level:
    """How grave an alarm was when it was last judged: what is above it is news."""

    priority: Priority
    own: int
    """Its points without what the posture of its fronts adds: a surge is no news of each in it."""
    severity: Severity
    killed: int
    why: str = field(default="", compare=False)
    """Two levels that differ in nothing else are equal: other words for the same are no news."""


class Bell(NamedTuple):
    """An alarm that rang, or would have."""

    at: Timestamp
    incident: int
    """For a flood that of the alarm with which it began."""
    priority: Priority
    cause: Cause
    muted: Muted
    words: str
    """One line: what a person is told."""

    @property
    def rang(self) -> bool:
        """Whether it was to be heard."""
        return self.muted is Muted.NO


class Bells:
    """Decides on one alarm after the other. Its memory is ``recent``: the bells of before, in order."""

    def __init__(self, policy: AlarmPolicy, start: Timestamp, recent: Iterable[Bell] = ()) -> None:
        self.policy = policy
        self._start = start
        self._now = float("-inf")
        self._asked: deque[tuple[Timestamp, Priority]] = deque()
        self._rung: deque[Timestamp] = deque()
        self.flood: Timestamp | None = None
        """Since when there is a flood."""
        for bell in recent:
            self._recall(bell)

    def _recall(self, bell: Bell) -> None:
        self._pass(bell.at)
        if bell.rang:
            self._rung.append(bell.at)
        if bell.cause is Cause.FLOOD:
            self.flood = bell.at
        else:
            self._asked.append((bell.at, bell.priority))

    def consider(
        self, incident: Incident, before: Level | None, judged: Judged, own: int, now: Timestamp
    ) -> tuple[Level | None, list[Bell]]:
        """The level to be remembered of an incident that is new or has changed, and the bells for it.

        ``before``: the level remembered of it; ``own``: its points without those for posture. While it is
        acknowledged, shelved or suppressed nothing rings and nothing is remembered, so that what rose
        meanwhile is news when that ends.
        """
        if incident.kind is not Kind.INCIDENT or incident.state is not State.NEW:
            return before, []
        severity, killed = incident.severity or Severity.LOW, incident.killed or 0
        level = Level(judged.priority, own, severity, killed, judged.why)
        cause = self._cause(incident, before, level, now)
        if before is not None:
            level = Level(
                max(level.priority, before.priority, key=lambda each: each.rank),
                max(level.own, before.own),
                max(level.severity, before.severity, key=lambda each: each.rank),
                max(level.killed, before.killed),
                judged.why,
            )
        if cause is None or judged.priority.rank < self.policy.ring.rank:
            return level, []
        return level, self._ask(incident, judged, cause, now)

    def _cause(self, incident: Incident, before: Level | None, level: Level, now: Timestamp) -> Cause | None:
        news = incident.first_seen if before is None else incident.last_seen
        if news < self._start - GRACE or now - incident.last_seen >= QUIET_AFTER:
            return None
        if before is None:
            return Cause.NEW
        if level.severity.rank > before.severity.rank:
            return Cause.SEVERITY
        if level.killed > before.killed:
            return Cause.DEAD
        promoted = level.priority.rank > before.priority.rank and level.own > before.own
        return Cause.PRIORITY if promoted else None

    def _ask(self, incident: Incident, judged: Judged, cause: Cause, now: Timestamp) -> list[Bell]:
        self._pass(now)
        now = self._now
        self._asked.append((now, judged.priority))
        bells = []
        if self.flood is None and len(self._asked) >= FLOOD_FROM:
            worst = max((priority for _, priority in self._asked), key=lambda each: each.rank)
            muted = self._muted(worst, now, self.policy.at_most)
            words = f"flood: {len(self._asked)} alarms in 10 minutes"
            self.flood = now
            bells.append(Bell(now, incident.id, worst, Cause.FLOOD, muted, words))
            if muted is Muted.NO:
                self._rung.append(now)
        # The last place is kept for the bell of a flood.
        muted = Muted.FLOOD
        if self.flood is None:
            muted = self._muted(judged.priority, now, self.policy.at_most - 1)
        if muted is Muted.NO:
            self._rung.append(now)
        return [
            Bell(now, incident.id, judged.priority, cause, muted, _words(incident, judged, cause)),
            *bells,
        ]

    def _muted(self, priority: Priority, now: Timestamp, limit: int) -> Muted:
        if is_quiet(self.policy.quiet, now) and priority is not Priority.CRITICAL:
            return Muted.QUIET
        return Muted.LIMIT if len(self._rung) >= limit else Muted.NO

    def settle(self, now: Timestamp) -> bool:
        """Lets time pass; whether a flood is on."""
        self._pass(now)
        return self.flood is not None

    @property
    def in_window(self) -> int:
        """Alarms within the last ten minutes."""
        return len(self._asked)

    def _pass(self, now: Timestamp) -> None:
        self._now = now = max(self._now, now)
        while self._asked and self._asked[0][0] <= now - WINDOW:
            self._asked.popleft()
            if self.flood is not None and len(self._asked) < FLOOD_UNTIL:
                self.flood = None
        while self._rung and self._rung[0] <= now - WINDOW:
            self._rung.popleft()


def is_quiet(hours: QuietHours | None, now: Timestamp) -> bool:
    """Whether ``now`` lies in the quiet hours."""
    if hours is None:
        return False
    local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(hours.zone))
    minute = local.hour * 60 + local.minute
    if hours.start <= hours.end:
        return hours.start <= minute < hours.end
    return minute >= hours.start or minute < hours.end


_WORDS_LIMIT: Final = 200
"""Characters of a bell's line: it goes to telephones."""


def _words(incident: Incident, judged: Judged, cause: Cause) -> str:
    """``HIGH (more dead): 3 killed in drone strike near Naqoura [lebanon-border, B2, 3 killed]``."""
    how = {Cause.NEW: "", Cause.DEAD: " (more dead)", Cause.SEVERITY: " (graver)"}.get(cause, " (raised)")
    facts = [*incident.fronts, incident.grade, *([f"{incident.killed} killed"] if incident.killed else [])]
    end = f" [{', '.join(facts)}]"
    line = f"{judged.priority.upper()}{how}: {incident.headline}"
    room = max(20, _WORDS_LIMIT - len(end))
    return ((line if len(line) <= room else line[: room - 1] + "…") + end)[:_WORDS_LIMIT]
