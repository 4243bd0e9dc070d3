"""What people rule of incidents is done at once, kept over restarts, and taken back to what was before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.samples import DAY, HOUR, MOCHA, NOON, RED_SEA
from tests.test_merge import strike
from tests.watchdesk import NOW, Watchdesk, copies
from tui.incidents.rulings import Correction, Refused, RulingState
from tui.model import Kind, Place, Report, Severity, State
from tui.store.connect import StoreError

PORT = "Drone hits car at gate of Naqoura port"
SHIP = strike("Missile hits tanker off Mocha", hours=5, fronts=("yemen",), places=(MOCHA, RED_SEA), by="axis")


@pytest.fixture
def desk(path: Path) -> Iterator[Watchdesk]:
    with closing(Watchdesk(path)) as desk:
        yield desk


def warning(title: str = "Party warns of war after strike near Naqoura", hours: float = 0.0) -> Report:
    return samples.report(title, at=NOON + hours * HOUR, tagged=samples.tags(kind=Kind.STATEMENT))


# Corrections


def test_a_correction_is_asked_at_the_desk_and_done_by_the_collector(desk: Watchdesk) -> None:
    desk.tell(strike())
    action = desk.desk.correct(1, "severity", Severity.HIGH, "ab", NOW)
    assert (desk.reader.pending(), desk.incident(1).severity) == (1, Severity.MEDIUM)
    seq = desk.reader.seq()
    desk.rule()
    assert [each.severity for each in desk.reader.changes(seq).incidents] == [Severity.HIGH]
    assert desk.reader.corrections(1) == [
        Correction(1, "severity", Severity.HIGH, Severity.MEDIUM, "ab", NOW, action.id)
    ]
    (ruled,) = desk.reader.rulings()
    assert (ruled.action, ruled.state, ruled.refused) == (action, RulingState.DONE, "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fronts", ("iraq-syria", "yemen")),
        ("fronts", ()),
        ("kind", Kind.STATEMENT),
        ("severity", Severity.CRITICAL),
        ("place", Place("Khiam", 33.327, 35.614)),
        ("place", None),
        ("type", "artillery"),
        ("by", "us-coalition"),
        ("killed", 0),
        ("killed", None),
    ],
)
def test_what_is_corrected_stays_whatever_is_told_later_and_over_a_restart(
    desk: Watchdesk, field: str, value: object
) -> None:
    piece = strike()
    desk.tell(piece)
    before = getattr(desk.incident(1), field)
    desk.desk.correct(1, field, value, "ab", NOW)
    desk.rule()
    first, second, third = copies(piece, 3)
    desk.tell(first)
    desk.restart()
    desk.tell(second)
    assert (desk.incident(1).reports, getattr(desk.incident(1), field)) == (3, value)
    desk.desk.undo("ab", NOW)
    desk.rule()
    assert getattr(desk.incident(1), field) == before
    desk.tell(third)
    assert (desk.incident(1).reports, getattr(desk.incident(1), field)) == (4, before)
    assert desk.reader.corrections(1) == []


def test_the_next_copy_of_a_piece_joins_it_though_a_person_calls_it_a_statement(desk: Watchdesk) -> None:
    piece = strike()
    desk.tell(piece)
    desk.desk.correct(1, "kind", Kind.STATEMENT, "ab", NOW)
    desk.rule()
    desk.tell(*copies(piece, 2))
    desk.restart()
    desk.tell(strike("Two dead as drone hits car in Naqoura", hours=1))
    assert [(id, each.kind, each.reports) for id, each in desk.incidents().items()] == [(1, "statement", 4)]
    assert (desk.incident(1).type, desk.incident(1).severity) == (None, None)


def test_context_that_a_person_calls_an_incident_has_what_an_incident_has_and_is_low(desk: Watchdesk) -> None:
    desk.tell(warning())
    desk.desk.correct(1, "kind", Kind.INCIDENT, "ab", NOW)
    desk.desk.correct(1, "type", "drone", "ab", NOW)
    desk.rule()
    incident = desk.incident(1)
    assert (incident.kind, incident.severity) == (Kind.INCIDENT, Severity.LOW)
    assert (incident.type, incident.by) == ("drone", "unknown")


def test_an_incident_leaves_the_panes_of_the_fronts_that_it_is_not_of(desk: Watchdesk) -> None:
    desk.tell(strike())
    desk.desk.correct(1, "fronts", ["yemen"], "ab", NOW)
    desk.rule()
    assert desk.reader.incidents(front="lebanon-border") == []
    assert [each.id for each in desk.reader.incidents(front="yemen")] == [1]


def test_of_two_corrections_the_last_counts_and_an_undo_goes_back_to_the_one_before(desk: Watchdesk) -> None:
    desk.tell(strike())
    desk.desk.correct(1, "killed", 3, "ab", NOW)
    desk.desk.correct(1, "killed", 5, "cd", NOW + 1)
    desk.rule()
    (said,) = desk.reader.corrections(1)
    assert (said.value, said.before, said.who) == (5, 3, "cd")
    desk.desk.undo("cd", NOW + 2)
    desk.rule()
    assert desk.incident(1).killed == 3
    desk.desk.undo("ab", NOW + 3)
    desk.rule()
    assert desk.incident(1).killed == 2


def test_an_undo_leaves_what_somebody_else_has_said_since(desk: Watchdesk) -> None:
    desk.tell(strike())
    desk.desk.correct(1, "killed", 3, "ab", NOW)
    desk.desk.correct(1, "killed", 5, "cd", NOW + 1)
    desk.desk.undo("ab", NOW + 2)
    desk.rule()
    assert desk.incident(1).killed == 5
    desk.desk.undo("cd", NOW + 3)
    desk.rule()
    assert desk.incident(1).killed == 2


def test_what_is_asked_and_taken_back_before_the_collector_comes_is_as_if_it_had_not_been(
    desk: Watchdesk,
) -> None:
    desk.tell(strike())
    before = desk.incident(1)
    desk.desk.correct(1, "killed", 3, "ab", NOW)
    desk.desk.undo("ab", NOW)
    assert desk.reader.pending() == 2
    desk.rule()
    assert desk.incident(1) == before
    assert [each.state for each in desk.reader.rulings()] == [RulingState.TAKEN_BACK, RulingState.DONE]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("headline", "x", "headline can't be corrected: say fronts, kind"),
        ("kind", "strike", "strike is none of incident, roundup"),
        ("severity", None, "None is none of low, medium"),
        ("type", "bomb", "bomb is none of air-strike"),
        ("by", " \x1b[2J ", "a side needs a name"),
        ("killed", -1, "killed is a whole number"),
        ("killed", True, "killed is a whole number"),
        ("place", Place("", 0, 0), "a place needs a name"),
        ("place", Place("Nowhere", 91, 0), "a position in degrees"),
        ("fronts", "yemen", "fronts are a list"),
    ],
)
def test_a_value_that_no_incident_has_is_refused_in_words_and_not_asked(
    desk: Watchdesk, field: str, value: object, words: str
) -> None:
    desk.tell(strike())
    with pytest.raises(Refused, match=words):
        desk.desk.correct(1, field, value, "ab", NOW)
    assert (desk.reader.pending(), desk.desk.actions()) == (0, [])


def test_what_a_person_types_is_made_safe(desk: Watchdesk) -> None:
    desk.tell(strike())
    desk.desk.correct(1, "place", Place("Kfar\x1b[31m Kila\n", 33.28, 35.55), "ab", NOW)
    desk.rule()
    assert desk.incident(1).place == Place("Kfar Kila", 33.28, 35.55)


def test_a_severity_of_context_is_refused_until_its_kind_is_corrected(desk: Watchdesk) -> None:
    desk.tell(warning())
    with pytest.raises(Refused, match="statement has no severity: correct its kind to incident first"):
        desk.desk.correct(1, "severity", Severity.HIGH, "ab", NOW)
    desk.desk.correct(1, "kind", Kind.INCIDENT, "ab", NOW)
    desk.desk.correct(1, "severity", Severity.HIGH, "ab", NOW)
    desk.rule()
    assert desk.incident(1).severity is Severity.HIGH


# Merging


def test_a_merge_brings_all_reports_to_the_one_that_stays_and_empties_the_other(desk: Watchdesk) -> None:
    desk.tell(strike(), SHIP)
    seq = desk.reader.seq()
    desk.desk.merge(2, 1, "ab", NOW)
    desk.rule()
    assert {id: each.reports for id, each in desk.incidents().items()} == {2: 2}
    changed = {each.id: each.fronts for each in desk.reader.changes(seq).incidents}
    assert changed == {2: ("lebanon-border", "yemen"), 1: ()}
    with pytest.raises(Refused, match="incident 1 is gone"):
        desk.desk.merge(2, 1, "ab", NOW)


def test_an_undone_merge_gives_each_report_back_and_what_came_since_stays(desk: Watchdesk) -> None:
    piece = strike()
    desk.tell(piece, SHIP)
    before = {id: desk.keys(id) for id in (1, 2)}
    desk.desk.merge(2, 1, "ab", NOW)
    desk.rule()
    desk.restart()
    (since,) = desk.tell(*copies(piece, 1))
    assert desk.keys(2) == before[1] | before[2] | {since}
    desk.desk.undo("ab", NOW)
    desk.rule()
    assert {id: desk.keys(id) for id in (1, 2)} == {1: before[1], 2: before[2] | {since}}
    desk.tell(strike("Two dead as drone hits car in Naqoura", hours=1))
    assert sum(each.reports for each in desk.incidents().values()) == 4


def test_context_merged_with_an_act_is_an_incident_whichever_stays(desk: Watchdesk) -> None:
    desk.tell(warning(), strike(hours=1))
    desk.desk.merge(1, 2, "ab", NOW)
    desk.rule()
    desk.restart()
    desk.tell(strike("Two dead as drone hits car in Naqoura", hours=2))
    assert [(id, each.kind, each.reports) for id, each in desk.incidents().items()] == [(1, "incident", 3)]


def test_a_merge_of_what_is_gone_meanwhile_is_refused_with_the_reason(desk: Watchdesk) -> None:
    desk.tell(strike(), SHIP, strike("Rockets hit Erbil base", fronts=("iraq-syria",), places=(), hours=9))
    desk.desk.merge(1, 2, "ab", NOW)
    desk.desk.merge(3, 2, "cd", NOW)
    desk.rule()
    refused = desk.reader.rulings()[-1]
    assert (refused.state, refused.refused.split(":")[0]) == (RulingState.REFUSED, "incident 2 is gone")
    assert desk.desk.undo("cd", NOW) is None
    assert sorted(desk.incidents()) == [1, 3]


def test_an_incident_is_not_merged_into_itself(desk: Watchdesk) -> None:
    desk.tell(strike())
    with pytest.raises(Refused, match="into itself"):
        desk.desk.merge(1, 1, "ab", NOW)


# Splitting


def test_a_split_makes_a_new_incident_and_its_undo_ends_it(desk: Watchdesk) -> None:
    piece = strike()
    keys = desk.tell(piece, *copies(piece, 2))
    desk.desk.split(keys[1:], "ab", NOW)
    desk.rule()
    assert {id: desk.keys(id) for id in desk.incidents()} == {1: {keys[0]}, 2: set(keys[1:])}
    desk.desk.undo("ab", NOW)
    desk.rule()
    assert {id: desk.keys(id) for id in desk.incidents()} == {1: set(keys)}
    desk.tell(SHIP)
    assert sorted(desk.incidents()) == [1, 3]


def test_an_undone_split_takes_along_what_came_to_the_new_incident(desk: Watchdesk) -> None:
    mosque = strike("Second blast at Naqoura mosque", hours=0.4, killed=None)
    keys = desk.tell(strike(PORT, killed=None), mosque, SHIP)
    assert [desk.whereabouts()[key] for key in keys] == [1, 1, 2]
    desk.desk.split(keys[1:2], "ab", NOW)
    desk.rule()
    (since,) = desk.tell(*copies(mosque, 1))
    assert desk.keys(3) == {keys[1], since}
    desk.desk.undo("ab", NOW)
    desk.rule()
    assert desk.keys(1) == {keys[0], keys[1], since}


def test_a_split_needs_some_reports_of_one_incident_and_not_all(desk: Watchdesk) -> None:
    keys = desk.tell(strike(), *copies(strike(), 1), SHIP)
    for some, words in (
        ([], "no report was chosen"),
        (keys[:2], "all reports of incident 1: one must stay"),
        (keys[1:], "reports of one incident"),
        (["nothing"], "of no incident any more"),
    ):
        with pytest.raises(Refused, match=words):
            desk.desk.split(some, "ab", NOW)


# Law


def late_fight(hours: float = 0.3) -> Report:
    """A late report that takes ``vague`` away from a strike at the port, where nobody has ruled on that."""
    title = "Gunmen and soldiers fight at gate of Naqoura port, two hurt"
    return strike(title, hours=hours, killed=None, type="clash", by="other")


def at_the_port(desk: Watchdesk) -> str:
    """A strike at the port, and a vague report that joins it: its key."""
    vague = strike("Two hurt at gate of Naqoura port", hours=0.5, killed=None, type="other", by="unknown")
    desk.tell(strike(PORT, killed=None))
    (key,) = desk.tell(vague)
    assert desk.whereabouts()[key] == 1
    return key


def test_where_nobody_has_ruled_a_late_report_takes_another_away(desk: Watchdesk) -> None:
    vague = at_the_port(desk)
    desk.tell(late_fight())
    assert desk.whereabouts()[vague] == 2


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("seen", ["acknowledged", "closed", "shelved", "corrected", "merged", "split"])
def test_an_incident_that_a_person_has_seen_or_ruled_on_loses_no_report(
    desk: Watchdesk, seen: str, *, restarted: bool
) -> None:
    vague = at_the_port(desk)
    if seen in ("acknowledged", "closed"):
        desk.desk.acknowledge([1], "ab", NOW)
    if seen == "closed":
        desk.writer.close_quiet(NOW)
        assert desk.incident(1).state is State.CLOSED
    if seen == "shelved":
        desk.desk.shelve([1], NOW + HOUR, "ab", NOW)
    if seen == "corrected":
        desk.desk.correct(1, "killed", 1, "ab", NOW)
    if seen == "merged":
        desk.tell(SHIP)
        desk.desk.merge(1, 2, "ab", NOW)
    if seen == "split":
        (more,) = desk.tell(strike("Naqoura port gate: car burns", hours=0.1, killed=None))
        assert desk.whereabouts()[more] == 1
        desk.desk.split([more], "ab", NOW)
    desk.rule()
    before = desk.keys(1)
    if restarted:
        desk.restart()
    desk.tell(late_fight())
    assert vague in before <= desk.keys(1)


def test_what_is_taken_back_is_law_no_more(desk: Watchdesk) -> None:
    vague = at_the_port(desk)
    desk.tell(SHIP)
    desk.desk.merge(1, 2, "ab", NOW)
    desk.desk.correct(1, "killed", 1, "ab", NOW)
    desk.desk.acknowledge([1], "ab", NOW)
    for _ in range(3):
        desk.desk.undo("ab", NOW)
    desk.rule()
    desk.tell(late_fight())
    assert desk.whereabouts()[vague] == 3


def test_after_a_merge_a_copy_of_either_joins_the_one_that_stays(desk: Watchdesk) -> None:
    piece = strike()
    desk.tell(piece, SHIP)
    desk.desk.merge(2, 1, "ab", NOW)
    desk.rule()
    desk.tell(*copies(piece, 1), *copies(SHIP, 1))
    assert {id: each.reports for id, each in desk.incidents().items()} == {2: 4}


def test_after_a_split_a_copy_of_a_part_joins_that_part(desk: Watchdesk) -> None:
    mosque = strike("Second blast at Naqoura mosque", hours=0.4, killed=None)
    keys = desk.tell(strike(PORT, killed=None), mosque)
    desk.desk.split(keys[1:], "ab", NOW)
    desk.rule()
    (more,) = desk.tell(*copies(mosque, 1))
    assert desk.whereabouts()[more] == 2


def test_a_report_that_was_split_off_is_not_joined_back_by_a_late_one(desk: Watchdesk) -> None:
    piece = strike()
    keys = desk.tell(piece, *copies(piece, 3))
    desk.desk.split(keys[2:], "ab", NOW)
    desk.rule()
    desk.restart()
    late = piece._replace(
        key="late", link="https://late.example/", publisher="late", published=NOON - HOUR / 2
    )
    desk.tell(late)
    assert set(keys[2:]) <= desk.keys(2)
    assert set(keys[:2]) <= desk.keys(1)


def test_what_is_older_than_the_merger_remembers_is_ruled_on_too(desk: Watchdesk) -> None:
    piece = strike()
    keys = desk.tell(piece, *copies(piece, 1), SHIP)
    desk.restart(NOW + 60 * DAY)
    desk.desk.correct(1, "killed", 9, "ab", NOW)
    desk.desk.split(keys[1:2], "ab", NOW)
    desk.rule()
    desk.desk.merge(2, 3, "ab", NOW)
    desk.rule()
    assert {id: desk.keys(id) for id in desk.incidents()} == {1: {keys[0]}, 2: {keys[1], keys[2]}}
    assert (desk.incident(1).killed, desk.incident(1).reports) == (9, 1)


def test_a_late_report_joins_one_that_was_merged_with_what_the_merger_had_forgotten(desk: Watchdesk) -> None:
    desk.tell(SHIP)
    desk.desk.correct(1, "severity", Severity.CRITICAL, "ab", NOW)
    desk.rule()
    desk.restart(NOW + 60 * DAY)
    piece = strike(hours=20)
    desk.tell(piece)
    desk.desk.merge(1, 2, "ab", NOW)
    desk.rule()
    desk.tell(*copies(piece, 1))
    assert [(id, each.reports, each.severity) for id, each in desk.incidents().items()] == [
        (1, 3, "critical")
    ]


# What does not come through


def test_what_could_not_be_stored_is_still_asked_and_done_once_later(desk: Watchdesk, path: Path) -> None:
    piece = strike()
    keys = desk.tell(piece, *copies(piece, 1))
    desk.desk.split(keys[1:], "ab", NOW)
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON ruled BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
        with pytest.raises(StoreError, match="free some space"):
            desk.ingest.rule(NOW)
        assert (desk.reader.pending(), desk.keys(1)) == (1, set(keys))
        other.execute("DROP TRIGGER full")
    desk.rule()
    assert {id: desk.keys(id) for id in desk.incidents()} == {1: {keys[0]}, 2: {keys[1]}}


def test_what_a_person_has_corrected_is_kept_longer_than_other_context(desk: Watchdesk) -> None:
    desk.tell(warning(), warning("Minister says talks go on", hours=30), strike(hours=50))
    desk.desk.correct(1, "kind", Kind.OTHER, "ab", NOW)
    desk.desk.correct(3, "kind", Kind.OTHER, "ab", NOW)
    desk.rule()
    assert desk.writer.prune(NOW + 100 * DAY) == 1
    assert sorted(desk.incidents()) == [1, 3]


def test_a_new_incident_has_the_state_of_the_one_that_its_reports_were_of(desk: Watchdesk) -> None:
    piece = strike()
    keys = desk.tell(piece, *copies(piece, 1))
    desk.desk.acknowledge([1], "cd", NOW)
    desk.desk.split(keys[1:], "ab", NOW)
    desk.rule()
    assert (desk.incident(2).state, desk.incident(2).state_by) == (State.ACKNOWLEDGED, "cd")
    desk.desk.undo("cd", NOW)
    assert {each.state for each in desk.incidents().values()} == {State.NEW}


def test_the_one_that_stays_after_a_merge_keeps_its_own_state(desk: Watchdesk) -> None:
    desk.tell(strike(), SHIP)
    desk.desk.acknowledge([2], "cd", NOW)
    desk.desk.merge(1, 2, "ab", NOW)
    desk.rule()
    assert desk.incident(1).state is State.NEW
    desk.desk.undo("ab", NOW)
    desk.rule()
    assert desk.incident(2).state is State.ACKNOWLEDGED


def test_nothing_asked_takes_no_write_lock(desk: Watchdesk, path: Path) -> None:
    desk.tell(strike())
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert desk.ingest.rule(NOW).touched == ()
