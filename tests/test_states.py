"""Closed, open again, suppressed: the states that come by time and rule, over a real store."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import DAY, HOUR, MINUTE, NOON
from tests.test_incident_screen import page
from tests.watchfloor import Watchfloor
from tests.watching import text_of
from tui.incidents.alarms import Cause
from tui.incidents.attention import QUIET_AFTER, Turn, Verb, is_new, turn_of
from tui.incidents.suppress import Suppressions
from tui.listing import list_incidents
from tui.model import Incident, Kind, Report, Severity, State, Suppression, Watch
from tui.policy import AlarmPolicy, Priority, QuietHours
from tui.ringer import Ringer
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.store.writer import Writer

RAIDS = Suppression("Raids of every night", types=("raid",), severity_at_most=Severity.MEDIUM)
WATCH = Watch(
    "A test's watch",
    samples.FRONTS,
    (samples.feed(),),
    suppressions=(RAIDS,),
    alarms=AlarmPolicy(ring=Priority.LOW, at_most=1000),
)
PLAIN = samples.incident(1, grade="B2")
RAID = PLAIN._replace(type="raid")


@pytest.fixture
def desk(writer: Writer, path: Path) -> Iterator[Desk]:
    with closing(Desk(path)) as desk:
        yield desk


def ringer(watch: Watch = WATCH) -> Ringer:
    return Ringer(watch, NOON - HOUR)


def tell(writer: Writer, *incidents: Incident, reports: tuple[Report, ...] = ()) -> None:
    writer.add([(report, incidents[0].id) for report in reports], incidents)


def rung_and_acknowledged(writer: Writer, desk: Desk) -> Ringer:
    """A ringer that has rung for a plain incident, which somebody has acknowledged at once."""
    tell(writer, PLAIN)
    one = ringer()
    one.ring(writer, NOON)
    desk.acknowledge([1], "ab", NOON)
    return one


def state(reader: Reader, id: int = 1) -> State:
    found = reader.incident(id)
    assert found is not None
    return found.state


def log(desk: Desk) -> list[tuple[str, str, list[int]]]:
    return [(line.who, line.verb, line.payload["ids"]) for line in desk.actions()]


# What an incident comes to


@pytest.mark.parametrize(
    ("before", "age", "rule", "verb"),
    [
        (State.NEW, DAY, "", Verb.CLOSE),
        (State.ACKNOWLEDGED, DAY, "", Verb.CLOSE),
        (State.SUPPRESSED, DAY, "x", Verb.CLOSE),
        (State.SHELVED, 9 * DAY, "x", None),
        (State.CLOSED, DAY, "", None),
        (State.CLOSED, DAY - 1, "", Verb.REOPEN),
        (State.CLOSED, DAY - 1, "x", Verb.SUPPRESS),
        (State.NEW, DAY - 1, "", None),
        (State.NEW, DAY - 1, "x", Verb.SUPPRESS),
        (State.ACKNOWLEDGED, DAY - 1, "x", None),
        (State.SUPPRESSED, DAY - 1, "x", None),
        (State.SUPPRESSED, DAY - 1, "y", Verb.SUPPRESS),
        (State.SUPPRESSED, DAY - 1, "", Verb.UNSUPPRESS),
    ],
)
def test_time_and_rule_bring_an_incident_to_a_state(
    before: State, age: float, rule: str, verb: Verb | None
) -> None:
    incident = PLAIN._replace(state=before, state_by="x")
    turn = turn_of(incident, rule, NOON + age)
    assert (turn and turn.verb) == verb


@given(
    st.sampled_from(State),
    st.floats(0, 3 * DAY),
    st.sampled_from(["", "x"]),
    st.sampled_from(Kind),
)
def test_what_has_turned_stands_and_is_new_only_while_it_is_told_of(
    before: State, age: float, rule: str, kind: Kind
) -> None:
    incident = PLAIN._replace(state=before, state_by="x", kind=kind)
    turn = turn_of(incident, rule, NOON + age)
    if turn is None:
        return
    after = incident._replace(state=turn.state, state_by=turn.rule)
    assert kind is Kind.INCIDENT
    assert turn_of(after, rule, NOON + age) is None
    assert is_new(after, NOON + age) == (turn.state is State.NEW)


# Closed


def test_what_is_quiet_for_a_day_is_closed_in_one_line_of_the_log(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, PLAIN, PLAIN._replace(id=2), PLAIN._replace(id=3, last_seen=NOON + HOUR))
    tell(writer, PLAIN._replace(id=4), PLAIN._replace(id=5, kind=Kind.STATEMENT))
    one = ringer()
    one.ring(writer, NOON)
    desk.acknowledge([2], "ab", NOON)
    desk.shelve([4], NOON + 9 * DAY, "ab", NOON)
    one.ring(writer, NOON + DAY - 1)
    assert [state(reader, id) for id in (1, 2, 3, 4)] == [
        State.NEW,
        State.ACKNOWLEDGED,
        State.NEW,
        State.SHELVED,
    ]
    seq = reader.seq()
    one.ring(writer, NOON + DAY + MINUTE)
    assert [state(reader, id) for id in (1, 2, 3, 4, 5)] == [
        State.CLOSED,
        State.CLOSED,
        State.NEW,
        State.SHELVED,
        State.NEW,
    ]
    assert {each.id for each in reader.changes(seq).incidents} == {1, 2}
    assert log(desk)[-1] == ("collector", "close", [1, 2])
    assert desk.actions()[-1].payload["acknowledged"] == [2]
    assert desk.actions()[-1].at == NOON + DAY + MINUTE


def test_a_further_report_opens_it_again_and_it_rings_only_if_it_rose(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, PLAIN, PLAIN._replace(id=2))
    one = ringer()
    one.ring(writer, NOON)
    one.ring(writer, NOON + DAY)
    late = NOON + DAY + HOUR
    tell(writer, PLAIN._replace(last_seen=late), PLAIN._replace(id=2, last_seen=late, killed=3))
    assert [(bell.incident, bell.cause) for bell in one.ring(writer, late)] == [(2, Cause.DEAD)]
    assert [state(reader, 1), state(reader, 2)] == [State.NEW, State.NEW]
    assert log(desk) == [("collector", "close", [1, 2]), ("collector", "reopen", [1, 2])]


def test_a_report_that_comes_late_and_is_old_itself_opens_nothing(writer: Writer, reader: Reader) -> None:
    tell(writer, PLAIN)
    one = ringer()
    one.ring(writer, NOON + DAY)
    tell(writer, PLAIN._replace(reports=2, last_seen=NOON + HOUR / 2))
    one.ring(writer, NOON + DAY + HOUR)
    assert state(reader) is State.CLOSED


def test_news_that_is_old_when_it_comes_is_closed_at_once(writer: Writer, reader: Reader) -> None:
    one = ringer()
    one.ring(writer, NOON + 9 * DAY)
    tell(writer, PLAIN)
    assert one.ring(writer, NOON + 9 * DAY) == []
    assert state(reader) is State.CLOSED


def test_what_was_shelved_past_its_day_is_closed_when_that_ends(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, PLAIN)
    one = ringer()
    one.ring(writer, NOON)
    desk.shelve([1], NOON + 2 * DAY, "ab", NOON)
    one.ring(writer, NOON + DAY + HOUR)
    assert state(reader) is State.SHELVED
    one.ring(writer, NOON + 2 * DAY)
    assert state(reader) is State.CLOSED
    assert [verb for _, verb, _ in log(desk)] == ["shelve", "unshelve", "close"]


def test_a_person_neither_takes_a_closing_back_nor_acknowledges_what_is_closed(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    one = rung_and_acknowledged(writer, desk)
    one.ring(writer, NOON + DAY)
    desk.undo("ab", NOON + DAY)
    assert state(reader) is State.CLOSED
    assert desk.acknowledge([1], "ab", NOON + DAY) == []
    assert desk.shelve([1], NOON + 3 * DAY, "ab", NOON + DAY) == []


def test_what_closed_while_no_collector_ran_is_closed_by_the_next(writer: Writer, reader: Reader) -> None:
    tell(writer, PLAIN)
    ringer().ring(writer, NOON)
    ringer().ring(writer, NOON + 9 * DAY)
    assert state(reader) is State.CLOSED


def test_looking_writes_nothing_while_nothing_closes_and_closed_ones_are_not_looked_at_again(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, *(PLAIN._replace(id=id, last_seen=NOON + id) for id in range(1, 100)))
    one = ringer()
    one.ring(writer, NOON + DAY + 50)
    assert log(desk) == [("collector", "close", list(range(1, 51)))]
    before = reader.version()
    one.ring(writer, NOON + DAY + 50)
    ringer().ring(writer, NOON + DAY + 50)
    assert reader.version() == before
    one.ring(writer, NOON + 2 * DAY)
    assert log(desk)[1:] == [("collector", "close", list(range(51, 100)))]


def test_the_first_look_at_a_store_of_before_closes_what_is_old_and_wakes_no_screen(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, *(PLAIN._replace(id=id) for id in range(1, 500)))
    with closing(Writer(reader._path)) as store:
        store._db.execute("UPDATE counter SET judged = seq")  # it was judged by the version before
    seq = reader.seq()
    ringer().ring(writer, NOON + 30 * DAY)
    assert reader.seq() == seq
    assert state(reader, 499) is State.CLOSED
    assert len(log(desk)) == 1


def test_a_clock_that_was_set_back_closes_what_comes_then(writer: Writer, reader: Reader) -> None:
    one = ringer()
    one.ring(writer, NOON + 300 * DAY)
    one.ring(writer, NOON)
    tell(writer, PLAIN)
    one.ring(writer, NOON + MINUTE)
    assert state(reader) is State.NEW
    one.ring(writer, NOON + DAY + HOUR)
    assert state(reader) is State.CLOSED


# Suppressed


def suppressed(rule: Suppression, incident: Incident, *reports: Report, now: float = NOON) -> bool:
    rules = Suppressions((rule,))
    told = rules.rule_of(incident, reports, now)
    assert not told or rules.may_hold(incident, now)
    return told == rule.name


@pytest.mark.parametrize(
    ("rule", "yes", "no"),
    [
        ({"types": ("drone", "raid")}, {}, {"type": "clash"}),
        ({"by": ("israel",)}, {}, {"by": "axis"}),
        ({"fronts": ("lebanon-border", "yemen")}, {}, {"fronts": ("lebanon-border", "iraq-syria")}),
        ({"severity_at_most": Severity.MEDIUM}, {}, {"severity": Severity.HIGH}),
        ({"severity_at_most": Severity.LOW}, {"severity": Severity.LOW}, {}),
        ({"publishers": ("example-wire",)}, {}, {"publishers": ("example-wire", "afp")}),
        ({"hours": QuietHours(11 * 60, 13 * 60)}, {}, {"first_seen": NOON + 2 * HOUR}),
        ({"until": NOON + 1}, {}, None),
        ({"types": ("drone",), "by": ("israel",)}, {}, {"by": "axis"}),
        ({"types": ("drone",)}, {"severity": Severity.HIGH}, {"severity": Severity.CRITICAL}),
        ({"types": ("drone",)}, {"severity": None}, {"type": None}),
    ],
)
def test_a_rule_holds_while_each_of_its_conditions_does(
    rule: dict[str, object], yes: dict[str, object], no: dict[str, object] | None
) -> None:
    made = Suppression("x", **rule)  # type: ignore[arg-type] # fields by name
    assert suppressed(made, PLAIN._replace(**yes))  # type: ignore[arg-type] # fields by name
    if no is not None:
        assert not suppressed(made, PLAIN._replace(**no))  # type: ignore[arg-type] # fields by name


def test_a_rule_with_an_end_holds_until_then() -> None:
    rule = Suppression("x", types=("drone",), until=NOON)
    assert suppressed(rule, PLAIN, now=NOON - 1)
    assert not suppressed(rule, PLAIN, now=NOON)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Blasts heard in Naqoura are a controlled explosion", True),
        ("Army exercises on the border", False),  # another word
        ("Explosion in Naqoura", False),
        ("انفجار مسيطر عليه في الناقورة", True),
    ],
)
def test_a_term_stands_in_a_title(title: str, found: bool) -> None:
    rule = Suppression("x", terms=("controlled explosion", "exercise", "انفجار مسيطر عليه"))
    language = "ar" if title[0] > "z" else "en"
    assert suppressed(rule, PLAIN, samples.report(title, language=language)) is found


def test_what_meets_a_tripwire_is_never_suppressed() -> None:
    rule = Suppression("x", types=("drone",))
    wired = samples.report(tagged=samples.tags()._replace(tripwires=("Allied dead",)))
    assert suppressed(rule, PLAIN, samples.report())
    assert not suppressed(rule, PLAIN, samples.report(), wired)


def test_what_a_rule_suppresses_never_rings_and_waits_for_nobody(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, RAID, PLAIN._replace(id=2))
    assert [bell.incident for bell in ringer().ring(writer, NOON)] == [2]
    found = reader.incident(1)
    assert found is not None and (found.state, found.state_by) == (State.SUPPRESSED, "Raids of every night")
    counts = reader.counts("lebanon-border", NOON + MINUTE)
    assert (counts.new, counts.suppressed, counts.in_24h) == (1, 1, 2)
    assert reader.new(["lebanon-border"], 0.0) == [(2, PLAIN.severity)]
    assert desk.acknowledge([1], "ab", NOON) == []
    assert log(desk) == [("collector", "suppress", [1])]
    assert desk.actions()[0].payload["rule"] == "Raids of every night"


def test_when_the_facts_change_it_is_new_and_rings(writer: Writer, reader: Reader, desk: Desk) -> None:
    tell(writer, RAID)
    one = ringer()
    assert one.ring(writer, NOON) == []
    tell(writer, RAID._replace(severity=Severity.HIGH, killed=2))
    assert [bell.cause for bell in one.ring(writer, NOON + MINUTE)] == [Cause.NEW]
    assert state(reader) is State.NEW
    assert [verb for _, verb, _ in log(desk)] == ["suppress", "unsuppress"]


def test_what_a_person_has_acknowledged_no_rule_suppresses(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    one = rung_and_acknowledged(writer, desk)
    tell(writer, RAID)
    one.ring(writer, NOON + MINUTE)
    assert state(reader) is State.ACKNOWLEDGED


def test_a_rule_that_comes_holds_of_what_there_is_and_one_that_goes_lets_it_free(
    writer: Writer, reader: Reader
) -> None:
    none = WATCH._replace(suppressions=())
    tell(writer, RAID)
    ringer(none).ring(writer, NOON)
    assert state(reader) is State.NEW
    ringer().ring(writer, NOON + MINUTE)
    assert state(reader) is State.SUPPRESSED
    ringer(none).ring(writer, NOON + 2 * MINUTE)
    assert state(reader) is State.NEW


def test_a_rule_whose_end_has_come_lets_it_free_within_a_minute(writer: Writer, reader: Reader) -> None:
    ends = WATCH._replace(suppressions=(RAIDS._replace(until=NOON + HOUR),))
    tell(writer, RAID)
    one = ringer(ends)
    one.ring(writer, NOON)
    assert state(reader) is State.SUPPRESSED
    one.ring(writer, NOON + HOUR)
    assert state(reader) is State.NEW


def test_what_is_suppressed_closes_too(writer: Writer, reader: Reader) -> None:
    tell(writer, RAID)
    one = ringer()
    one.ring(writer, NOON)
    one.ring(writer, NOON + QUIET_AFTER)
    assert state(reader) is State.CLOSED


# On the screens


def test_the_list_tells_the_states_to_people_and_to_programs(writer: Writer, reader: Reader) -> None:
    old = NOON - DAY - HOUR
    tell(writer, RAID, PLAIN._replace(id=2, first_seen=old, last_seen=old))
    ringer().ring(writer, NOON)
    writer.beat(samples.heartbeat(rate=0.0))
    asked: dict[str, Any] = {"front": None, "since": NOON - 9 * DAY, "kind": None, "severity": None}
    people, programs = io.StringIO(), io.StringIO()
    list_incidents(reader, as_json=False, out=people, **asked)
    list_incidents(reader, as_json=True, out=programs, **asked)
    assert [line.split()[0] for line in people.getvalue().splitlines()[1:]] == ["rule", "close"]
    states = [json.loads(line)["state"] for line in programs.getvalue().splitlines()]
    assert states == ["suppressed", "closed"]


@pytest.mark.parametrize(
    ("turn", "words", "answer"),
    [
        (
            Turn(1, Verb.CLOSE, State.NEW),
            "closed: nothing was told of it for 24 hours",
            "Closed: nothing was told",
        ),
        (
            Turn(1, Verb.SUPPRESS, State.NEW, "Raids"),
            "suppressed by the rule Raids: never rings",
            "Suppressed by the rule Raids: it waits for nobody.",
        ),
    ],
)
async def test_an_incidents_page_tells_its_state_and_nothing_can_be_acknowledged(
    tmp_path: Path, turn: Turn, words: str, answer: str
) -> None:
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.tell("Drone strike near Naqoura", incident_id=1)
    floor.writer.turn([turn], floor.now)
    async with page(floor, (120, 60)) as (screen, pilot):
        assert words in text_of(screen.app)
        await pilot.press("a")
        await pilot.pause()
        assert answer in text_of(screen.app)
