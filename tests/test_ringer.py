"""Alarms over a real store: judged, rung once, shelved and back, and known again after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.incidents.alarms import WINDOW, Cause, Muted
from tui.model import Incident, Report, Severity, State, Watch
from tui.policy import AlarmOutput, AlarmPolicy, Priority
from tui.ringer import Ringer
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.store.writer import Writer

WATCH = Watch("A test's watch", samples.FRONTS, (samples.feed(),), alarms=AlarmPolicy(at_most=100))
GRAVE = samples.incident(1, severity=Severity.HIGH, grade="B2", killed=2)


@pytest.fixture
def desk(writer: Writer, path: Path) -> Iterator[Desk]:
    with closing(Desk(path)) as desk:
        yield desk


def ringer(start: float = NOON - HOUR) -> Ringer:
    return Ringer(WATCH, start)


def tell(writer: Writer, *incidents: Incident) -> None:
    writer.add((), incidents)


def test_an_incident_is_judged_and_rings_once_for_every_collector_that_comes(
    writer: Writer, reader: Reader
) -> None:
    tell(writer, GRAVE)
    (bell,) = ringer().ring(writer, NOON)
    assert (bell.cause, bell.priority, bell.incident) == (Cause.NEW, Priority.HIGH, 1)
    assert reader.levels([1])[1].why == "high severity; told independently (B2)"
    tell(writer, GRAVE._replace(reports=2))
    assert ringer().ring(writer, NOON + MINUTE) == []
    tell(writer, GRAVE._replace(reports=3, killed=5))
    assert [bell.cause for bell in ringer().ring(writer, NOON + HOUR)] == [Cause.DEAD]
    assert [bell.cause for bell in reader.bells()] == [Cause.NEW, Cause.DEAD]


def test_a_bell_raises_the_seq_that_screens_go_by(writer: Writer, reader: Reader) -> None:
    tell(writer, GRAVE)
    before = reader.seq()
    ringer().ring(writer, NOON)
    assert reader.seq() > before
    assert [bell.incident for bell in reader.bells_after(before)] == [1]
    assert reader.bells_after(reader.seq()) == []


def test_what_was_there_before_a_start_after_a_night_off_is_silent(writer: Writer) -> None:
    tell(writer, *(GRAVE._replace(id=number) for number in range(1, 40)))
    assert ringer(NOON + DAY / 2).ring(writer, NOON + DAY / 2) == []


def test_an_incident_on_no_front_of_the_watch_is_no_alarm(writer: Writer, reader: Reader) -> None:
    tell(writer, GRAVE._replace(fronts=("sahel",)))
    assert ringer().ring(writer, NOON) == []
    assert reader.levels([1]) == {}


def test_the_posture_of_its_front_raises_an_alarm(writer: Writer) -> None:
    from tui.incidents.standing import POSTURE, Posture, Standing

    writer.stand([Standing(POSTURE, "lebanon-border", Posture.SURGE, NOON, NOON, "9 in 6 h")], NOON)
    tell(writer, GRAVE)
    assert [bell.priority for bell in ringer().ring(writer, NOON)] == [Priority.CRITICAL]


def test_a_flood_outlasts_a_restart(writer: Writer) -> None:
    tell(writer, *(GRAVE._replace(id=number) for number in range(1, 13)))
    bells = ringer().ring(writer, NOON)
    assert sum(bell.cause is Cause.FLOOD for bell in bells) == 1
    tell(writer, GRAVE._replace(id=13))
    assert [bell.muted for bell in ringer().ring(writer, NOON + MINUTE)] == [Muted.FLOOD]
    tell(writer, GRAVE._replace(id=14))
    assert [bell.rang for bell in ringer().ring(writer, NOON + 2 * WINDOW)] == [True]


def test_a_bell_that_could_not_be_stored_is_rung_when_it_can_be(
    writer: Writer, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, now: float) -> None:
        raise StoreError("disk full", "free some space")

    tell(writer, GRAVE)
    one = ringer()
    with monkeypatch.context() as broken, pytest.raises(StoreError):
        broken.setattr(writer, "judge", full)
        one.ring(writer, NOON)
    assert len(one.ring(writer, NOON)) == 1
    assert len(reader.bells()) == 1


def test_more_incidents_than_one_transaction_takes_are_all_judged(writer: Writer, reader: Reader) -> None:
    tell(writer, *(GRAVE._replace(id=number, severity=Severity.LOW) for number in range(1, 1200)))
    ringer().ring(writer, NOON)
    assert len(reader.levels(range(1, 600))) + len(reader.levels(range(600, 1200))) == 1199


def test_shelved_is_silent_until_its_time_is_over_and_both_are_in_the_log(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    tell(writer, GRAVE)
    one = ringer()
    one.ring(writer, NOON)
    assert desk.shelve([1], NOON + 2 * HOUR, "ab", NOON) == [1]
    shelved = reader.incident(1)
    assert shelved is not None
    assert (shelved.state, shelved.state_by, shelved.state_until) == (State.SHELVED, "ab", NOON + 2 * HOUR)
    assert reader.new(["lebanon-border"], 0.0) == []
    tell(writer, GRAVE._replace(killed=9, last_seen=NOON + HOUR))
    assert one.ring(writer, NOON + HOUR) == []
    assert [bell.cause for bell in one.ring(writer, NOON + 2 * HOUR)] == [Cause.DEAD]
    back = reader.incident(1)
    assert back is not None and back.state is State.NEW
    assert [(line.verb, line.who, line.at) for line in desk.actions()] == [
        ("shelve", "ab", NOON),
        ("unshelve", "collector", NOON + 2 * HOUR),
    ]


def test_undo_takes_a_shelving_back(writer: Writer, reader: Reader, desk: Desk) -> None:
    tell(writer, GRAVE, GRAVE._replace(id=2))
    desk.acknowledge([2], "ab", NOON)
    desk.shelve([1, 2], NOON + HOUR, "ab", NOON)
    assert desk.shelve([1, 2], NOON + DAY, "cd", NOON) == []
    desk.undo("ab", NOON)
    states = {each.id: each.state for each in reader.incidents()}
    assert states == {1: State.NEW, 2: State.ACKNOWLEDGED}


def test_looking_when_nothing_is_shelved_writes_nothing(writer: Writer, reader: Reader) -> None:
    one = ringer()
    one.ring(writer, NOON)
    before = reader.version()
    one.ring(writer, NOON + MINUTE)
    ringer().ring(writer, NOON + 2 * MINUTE)
    assert reader.version() == before


def test_a_store_of_before_there_were_alarms_rings_for_nothing_it_holds(tmp_path: Path) -> None:
    from tui.store import migrate

    path = tmp_path / "old.db"
    with pytest.MonkeyPatch.context() as old:
        old.setattr(migrate, "STEPS", migrate.STEPS[:2])
        old.setattr(migrate, "VERSION", 2)
        with closing(migrate.open_store(path)) as store:
            store.execute("UPDATE counter SET seq = 7")
            store.execute(
                "INSERT INTO incident VALUES "
                "(1, 7, 'incident', '[\"yemen\"]', 'h', 'en', NULL, NULL, 9, 4, NULL, NULL, NULL, "
                f"{NOON}, {NOON}, '[]', 1, 'B2')"
            )
    with closing(Writer(path)) as writer:
        assert ringer().ring(writer, NOON) == []
        tell(writer, GRAVE._replace(id=2))
        assert [bell.incident for bell in ringer().ring(writer, NOON)] == [2]


def test_what_was_judged_by_the_version_before_rises_by_severity_and_deaths_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.store import migrate

    path = tmp_path / "old.db"
    with monkeypatch.context() as old:
        old.setattr(migrate, "STEPS", migrate.STEPS[:4])
        old.setattr(migrate, "VERSION", 4)
        with closing(migrate.open_store(path)) as store:
            store.execute("UPDATE counter SET seq = 7, judged = 7, incident = 1")
            store.execute(
                "INSERT INTO incident VALUES "
                "(1, 7, 'incident', '[\"yemen\"]', 'h', 'en', NULL, NULL, 2, 3, NULL, NULL, NULL, "
                f"{NOON}, {NOON}, '[]', 1, 'B3')"
            )
            store.execute("INSERT INTO alarm VALUES (1, 'low', 'low', 3, 2, 'high severity')")
    with closing(Writer(path)) as writer:
        one = ringer()
        tell(writer, GRAVE._replace(reports=3))
        assert one.ring(writer, NOON) == []
        tell(writer, GRAVE._replace(reports=4, killed=3))
        assert [bell.cause for bell in one.ring(writer, NOON)] == [Cause.DEAD]


PHONE = AlarmOutput("Phone", "TEST_PHONE", Priority.HIGH, at_most=2)


def queued(writer: Writer) -> list[str]:
    question = "SELECT b.incident, m.words FROM message m JOIN bell b ON b.id = m.bell"
    rows = writer.mail(lambda db: db.execute(question).fetchall())
    return [f"{row['incident']} {row['words'][:4]}" for row in rows]


def test_bells_and_the_messages_for_them_are_stored_together(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(writer, GRAVE, GRAVE._replace(id=2, severity=Severity.LOW), GRAVE._replace(id=3))
    one = Ringer(WATCH, NOON - HOUR, outputs=(PHONE,))
    with monkeypatch.context() as broken, pytest.raises(StoreError):
        broken.setattr("tui.store.messages.put", _full)
        one.ring(writer, NOON)
    assert writer.bells(0.0) == []
    one.ring(writer, NOON)
    assert queued(writer) == ["1 HIGH", "3 HIGH"]


def _full(*_: object) -> None:
    raise StoreError("disk full", "free some space")


def test_the_limit_of_an_output_outlasts_a_restart(writer: Writer) -> None:
    for number in (1, 2, 3):
        tell(writer, GRAVE._replace(id=number))
        Ringer(WATCH, NOON - HOUR, outputs=(PHONE,)).ring(writer, NOON)
    assert queued(writer) == ["1 HIGH", "2 HIGH"]


def test_nothing_is_queued_where_nobody_is_to_be_told(writer: Writer) -> None:
    tell(writer, GRAVE)
    ringer().ring(writer, NOON)
    assert queued(writer) == []


def test_a_tripwire_met_on_a_rumour_is_high_until_a_second_voice_tells_it(
    writer: Writer, reader: Reader
) -> None:
    def rumour(publisher: str, title: str) -> Report:
        tagged = samples.tags(severity=Severity.CRITICAL)._replace(tripwires=("Iran fires",))
        return samples.report(title, tagged=tagged, publisher=publisher, reliability="E")

    grave = GRAVE._replace(severity=Severity.CRITICAL, grade="E4")
    writer.add([(rumour("one", "Iran fires missiles"), 1)], [grave])
    assert [bell.priority for bell in ringer().ring(writer, NOON)] == [Priority.HIGH]
    assert reader.levels([1])[1].why == (
        "critical severity; not confirmed (E4); "
        "high at most: tripwire Iran fires on the word of an unreliable source alone"
    )
    writer.add([(rumour("two", "Salvo seen over the Gulf"), 1)], [grave._replace(reports=2)])
    (bell,) = ringer().ring(writer, NOON + MINUTE)
    assert (bell.priority, bell.cause) == (Priority.CRITICAL, Cause.PRIORITY)
