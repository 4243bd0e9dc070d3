"""When an alarm rings: once, again for cause, never in a flood, and never more often than is allowed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.incidents.alarms import FLOOD_FROM, FLOOD_UNTIL, WINDOW, Bell, Bells, Cause, Level, Muted, is_quiet
from tui.incidents.priority import judge
from tui.incidents.standing import Posture
from tui.model import Incident, Kind, Severity, State
from tui.policy import AlarmPolicy, Priority, QuietHours

POLICY = AlarmPolicy()
GRAVE = samples.incident(1, severity=Severity.HIGH, grade="B2", killed=2)


class Desk:
    """Bells, and the levels that a store would keep."""

    def __init__(self, policy: AlarmPolicy = POLICY, start: float = NOON - HOUR) -> None:
        self.bells = Bells(policy, start)
        self.levels: dict[int, Level | None] = {}

    def tell(self, incident: Incident, at: float, posture: Posture = Posture.USUAL) -> list[Bell]:
        level, bells = self.bells.consider(
            incident,
            self.levels.get(incident.id),
            judge(incident, [("Yemen", posture)]),
            judge(incident).points,
            at,
        )
        self.levels[incident.id] = level
        return bells

    def causes(self, incident: Incident, at: float, posture: Posture = Posture.USUAL) -> list[Cause]:
        return [bell.cause for bell in self.tell(incident, at, posture) if bell.rang]


# Priority


@pytest.mark.parametrize(
    ("severity", "grade", "posture", "expected"),
    [
        (Severity.CRITICAL, "C6", Posture.USUAL, Priority.CRITICAL),
        (Severity.CRITICAL, "B5", Posture.USUAL, Priority.HIGH),
        (Severity.HIGH, "B3", Posture.USUAL, Priority.LOW),
        (Severity.HIGH, "B2", Posture.USUAL, Priority.HIGH),
        (Severity.HIGH, "B3", Posture.SURGE, Priority.HIGH),
        (Severity.HIGH, "B1", Posture.SEVERE, Priority.CRITICAL),
        (Severity.HIGH, "B1", Posture.ELEVATED, Priority.HIGH),
        (Severity.MEDIUM, "A1", Posture.USUAL, Priority.LOW),
        (Severity.MEDIUM, "A1", Posture.SURGE, Priority.HIGH),
        (None, "", Posture.USUAL, Priority.LOW),
    ],
)
def test_priority_is_of_severity_corroboration_and_posture(
    severity: Severity | None, grade: str, posture: Posture, expected: Priority
) -> None:
    incident = GRAVE._replace(severity=severity, grade=grade)
    assert judge(incident, [("Yemen", posture)]).priority is expected


@pytest.mark.parametrize(
    ("severity", "grade", "publishers", "expected"),
    [
        (Severity.MEDIUM, "B1", 8, Priority.HIGH),
        (Severity.MEDIUM, "B1", 7, Priority.LOW),
        (Severity.MEDIUM, "B3", 20, Priority.LOW),  # one text in twenty outlets is one account
        (Severity.LOW, "B1", 20, Priority.LOW),
        (Severity.HIGH, "B1", 20, Priority.HIGH),  # it makes nothing critical
    ],
)
def test_what_everybody_tells_is_high_though_nobody_died(
    severity: Severity, grade: str, publishers: int, expected: Priority
) -> None:
    names = tuple(f"p{number}" for number in range(publishers))
    judged = judge(GRAVE._replace(severity=severity, grade=grade, publishers=names))
    assert judged.priority is expected
    assert (f"told by {publishers} publishers" in judged.why) is (
        expected is Priority.HIGH and severity is Severity.MEDIUM
    )


def test_a_doubt_keeps_a_critical_one_high_and_is_told() -> None:
    critical = GRAVE._replace(severity=Severity.CRITICAL, grade="E4")
    assert judge(critical).priority is Priority.CRITICAL
    judged = judge(critical, [("Yemen", Posture.SEVERE)], "tripwire War only claimed by Iran")
    assert judged.priority is Priority.HIGH
    assert judged.why.endswith("high at most: tripwire War only claimed by Iran")
    assert judge(critical._replace(grade="E5"), doubt="x").priority is Priority.HIGH


def test_a_priority_says_why() -> None:
    judged = judge(GRAVE, [("Iraq", Posture.USUAL), ("Yemen", Posture.SURGE)])
    assert judged.why == "high severity; told independently (B2); Yemen: surge"


# One bell an incident


def test_one_bell_and_no_other_for_further_reports() -> None:
    desk = Desk()
    assert desk.causes(GRAVE, NOON) == [Cause.NEW]
    for minute in range(1, 100):
        told = GRAVE._replace(reports=1 + minute, last_seen=NOON + minute * MINUTE)
        assert desk.tell(told, NOON + minute * MINUTE) == []


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"killed": 3}, Cause.DEAD),
        ({"severity": Severity.CRITICAL}, Cause.SEVERITY),
        ({"severity": Severity.CRITICAL, "killed": 30}, Cause.SEVERITY),
        ({"killed": 1}, None),
        ({"killed": None}, None),
        ({"headline": "Other words"}, None),
    ],
)
def test_it_rings_again_when_it_rises(change: dict[str, object], cause: Cause | None) -> None:
    desk = Desk()
    desk.tell(GRAVE, NOON)
    risen = GRAVE._replace(last_seen=NOON + HOUR, **change)  # type: ignore[arg-type] # fields by name
    assert desk.causes(risen, NOON + HOUR) == ([cause] if cause else [])
    assert desk.causes(risen, NOON + HOUR) == []
    assert desk.causes(GRAVE, NOON + HOUR) == []
    assert desk.causes(risen, NOON + HOUR) == []  # what went down and up again is no news


def test_a_second_account_promotes_and_rings() -> None:
    desk = Desk()
    alone = GRAVE._replace(grade="B3")
    assert desk.tell(alone, NOON) == []  # low: on the board, not in the ear
    assert desk.causes(alone._replace(grade="B2"), NOON + HOUR) == [Cause.PRIORITY]


def test_a_second_account_rings_in_a_surge_where_it_is_what_makes_it_high() -> None:
    desk = Desk()
    medium = GRAVE._replace(severity=Severity.MEDIUM, grade="B3", killed=0)
    assert desk.tell(medium, NOON, Posture.SURGE) == []
    assert desk.causes(medium._replace(grade="B2"), NOON + HOUR, Posture.SURGE) == [Cause.PRIORITY]
    assert desk.causes(medium._replace(grade="B1"), NOON + HOUR, Posture.SURGE) == []


def test_a_surge_that_begins_does_not_ring_for_each_incident_in_it() -> None:
    desk = Desk()
    desk.tell(GRAVE, NOON)
    assert desk.tell(GRAVE, NOON + HOUR, Posture.SURGE) == []


def test_context_and_low_priorities_are_silent() -> None:
    desk = Desk()
    assert desk.tell(GRAVE._replace(kind=Kind.STATEMENT), NOON) == []
    assert desk.tell(GRAVE._replace(severity=Severity.MEDIUM), NOON) == []


def test_a_start_after_a_night_off_rings_nothing_for_yesterday() -> None:
    desk = Desk(start=NOON + DAY)
    assert desk.tell(GRAVE, NOON + DAY) == []
    more = GRAVE._replace(killed=9, last_seen=NOON + 2 * HOUR)
    assert desk.tell(more, NOON + DAY + MINUTE) == []
    today = more._replace(killed=12, last_seen=NOON + DAY + HOUR)
    assert desk.causes(today, NOON + DAY + HOUR) == [Cause.DEAD]


def test_news_of_shortly_before_the_start_rings() -> None:
    assert Desk(start=NOON + 10 * MINUTE).causes(GRAVE, NOON + 11 * MINUTE) == [Cause.NEW]


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.SHELVED])
def test_nothing_rings_while_a_person_has_it_and_what_rose_does_afterwards(state: State) -> None:
    desk = Desk()
    desk.tell(GRAVE, NOON)
    risen = GRAVE._replace(killed=20, last_seen=NOON + HOUR)
    assert desk.tell(risen._replace(state=state), NOON + HOUR) == []
    assert desk.causes(risen, NOON + 2 * HOUR) == [Cause.DEAD]


def test_what_is_quiet_for_a_day_is_closed() -> None:
    assert Desk().tell(GRAVE, NOON + DAY) == []


# Floods, limits and quiet hours


def many(count: int) -> list[Incident]:
    return [GRAVE._replace(id=number + 1) for number in range(count)]


def test_ten_in_ten_minutes_are_one_bell_until_it_ebbs() -> None:
    desk = Desk(POLICY._replace(at_most=100))
    told = [bell for n, each in enumerate(many(15)) for bell in desk.tell(each, NOON + n * 10)]
    rang = [bell.cause for bell in told if bell.rang]
    assert rang == [Cause.NEW] * (FLOOD_FROM - 1) + [Cause.FLOOD]
    assert [bell.muted for bell in told if not bell.rang] == [Muted.FLOOD] * 6
    assert desk.bells.settle(NOON + 5 * MINUTE)
    assert not desk.bells.settle(NOON + WINDOW + 110)
    assert desk.bells.in_window < FLOOD_UNTIL
    assert desk.causes(GRAVE._replace(id=99), NOON + WINDOW + 120) == [Cause.NEW]


def test_in_quiet_hours_only_what_is_critical_rings() -> None:
    desk = Desk(POLICY._replace(quiet=QuietHours(13 * 60, 15 * 60, "Asia/Beirut")))  # 11 to 13 UTC
    (bell,) = desk.tell(GRAVE, NOON)
    assert bell.muted is Muted.QUIET
    assert desk.causes(GRAVE._replace(id=2, severity=Severity.CRITICAL), NOON) == [Cause.NEW]


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [((22 * 60, 6 * 60), False), ((11 * 60, 12 * 60), False), ((12 * 60, 13 * 60), True), ((720, 60), True)],
)
def test_quiet_hours_may_cross_midnight(hours: tuple[int, int], quiet: bool) -> None:
    assert is_quiet(QuietHours(*hours), NOON) is quiet


steps = st.lists(
    st.tuples(
        st.floats(0, 400),
        st.integers(1, 14),
        st.sampled_from(Severity),
        st.sampled_from(["B2", "C3", "F6"]),
        st.integers(0, 5),
        st.sampled_from([State.NEW, State.NEW, State.NEW, State.ACKNOWLEDGED, State.SHELVED]),
        st.sampled_from(Posture),
    ),
    max_size=80,
)


def run(told: Sequence[tuple[float, int, Severity, str, int, State, Posture]], at_most: int) -> list[Bell]:
    desk, now, bells = Desk(POLICY._replace(at_most=at_most)), NOON, []
    for pause, id, severity, grade, killed, state, posture in told:
        now += pause
        incident = samples.incident(
            id, severity=severity, grade=grade, killed=killed, state=state, first_seen=now, last_seen=now
        )
        bells += desk.tell(incident, now, posture)
    return bells


@given(steps, st.integers(1, 12))
def test_there_are_never_more_bells_than_are_allowed(
    told: list[tuple[float, int, Severity, str, int, State, Posture]], at_most: int
) -> None:
    rang = [bell.at for bell in run(told, at_most) if bell.rang]
    for end in rang:
        assert sum(end - WINDOW < at <= end for at in rang) <= at_most


@given(steps)
def test_no_incident_rings_twice_without_a_rise(
    told: list[tuple[float, int, Severity, str, int, State, Posture]],
) -> None:
    single = [bell for bell in run(told, 100) if bell.cause is not Cause.FLOOD]
    by_incident: dict[int, list[Cause]] = {}
    for bell in single:
        by_incident.setdefault(bell.incident, []).append(bell.cause)
    for causes in by_incident.values():
        assert causes.count(Cause.NEW) <= 1
        # Severity has four steps and the dead six, priority three: no more rises than that.
        assert causes.count(Cause.SEVERITY) <= 3
        assert causes.count(Cause.DEAD) <= 5
        assert causes.count(Cause.PRIORITY) <= 2


@given(steps)
def test_after_a_restart_the_limit_and_the_flood_are_known_again(
    told: list[tuple[float, int, Severity, str, int, State, Posture]],
) -> None:
    desk, now, bells = Desk(), NOON, list[Bell]()
    for pause, id, severity, grade, killed, state, posture in told:
        now += pause
        incident = samples.incident(
            id, severity=severity, grade=grade, killed=killed, state=state, first_seen=now, last_seen=now
        )
        bells += desk.tell(incident, now, posture)
    again = Bells(POLICY, NOON, bells)
    assert again.settle(now) == desk.bells.settle(now)
    assert again.in_window == desk.bells.in_window
    one = GRAVE._replace(id=77, last_seen=now, first_seen=now)
    assert again.consider(one, None, judge(one), judge(one).points, now) == desk.bells.consider(
        one, None, judge(one), judge(one).points, now
    )


@given(st.text(min_size=1, max_size=400), st.lists(st.text(max_size=40), max_size=8))
def test_a_bells_words_are_short(headline: str, fronts: list[str]) -> None:
    (bell,) = Desk().tell(GRAVE._replace(headline=headline, fronts=tuple(fronts)), NOON)
    assert len(bell.words) <= 200
    assert bell.words.startswith("HIGH: ")
