"""Which incident a report is of: by facts first, then by words; and what the incident then says."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import samples
from tests.samples import ERBIL, HOUR, IRAQ, LEBANON, MINUTE, MOCHA, NAQOURA, NOON, RED_SEA
from tui.incidents.distance import gap
from tui.incidents.features import features_of
from tui.incidents.index import MEMORY_DAYS, Index
from tui.incidents.merge import Changes, Merger
from tui.model import Incident, Kind, Place, Report, Severity

NAQOURA_STRIKE = "Drone strike kills two near Naqoura"


def assign(merger: Merger, report: Report) -> Incident:
    """The incident that the merger puts a report into, as it stands then."""
    id = merger.place(report).story.id
    return next(each for each in merger.changes().incidents if each.id == id)


def merged(*reports: Report) -> list[list[int]]:
    """The numbers of the reports by incident, in order of the incidents' ids."""
    merger = Merger()
    groups: dict[int, list[int]] = {}
    for number, report in enumerate(reports):
        groups.setdefault(assign(merger, report).id, []).append(number)
    return [groups[id] for id in sorted(groups)]


def incident_of(*reports: Report) -> Incident:
    """The one incident that the reports are of."""
    merger = Merger()
    incidents = [assign(merger, report) for report in reports]
    assert {incident.id for incident in incidents} == {1}
    return incidents[-1]


def strike(title: str = NAQOURA_STRIKE, *, hours: float = 0.0, **more: Any) -> Report:
    """A report of a strike at Naqoura, that many hours after noon; ``more`` are tags."""
    return samples.report(title, at=NOON + hours * HOUR, tagged=samples.tags(killed=2)._replace(**more))


# One event


def test_outlets_that_tell_one_strike_in_other_words_make_one_incident() -> None:
    assert merged(
        strike(),
        strike("Two dead as drone hits car in Naqoura, Lebanese agency says", hours=1),
        strike("Israeli drone targets vehicle near Naqoura, killing two", hours=2),
    ) == [[0, 1, 2]]


def test_an_arabic_and_an_english_report_of_one_act_meet_through_their_facts() -> None:
    arabic = strike("مقتل شخصين بغارة مسيرة قرب الناقورة", hours=0.5)._replace(language="ar")
    assert merged(strike(), arabic) == [[0, 1]]


def test_an_update_of_the_dead_is_the_same_incident() -> None:
    later = strike("Death toll in drone strike near Naqoura rises to three", hours=5, killed=3)
    assert merged(strike(), later) == [[0, 1]]
    assert incident_of(strike(), later).killed == 3


def test_the_same_article_in_two_feeds_is_one_incident_whatever_its_tags_say() -> None:
    one = strike()
    other = strike("Naqoura", by="axis", type="raid", places=(LEBANON,))._replace(link=one.link)
    assert merged(one, other) == [[0, 1]]


def test_a_report_without_a_place_joins_by_its_words() -> None:
    assert merged(strike(), strike("Drone strike kills two near Naqoura: reports", places=())) == [[0, 1]]


def test_a_country_and_a_town_in_it_do_not_contradict() -> None:
    assert merged(
        strike(
            "Drone attack on Erbil base wounds three US troops", places=(ERBIL, IRAQ), by="axis", killed=None
        ),
        strike(
            "Three US troops wounded in Iraq drone attack", places=(IRAQ,), by="axis", killed=None, hours=2
        ),
    ) == [[0, 1]]


# Two events


def test_an_answer_to_an_attack_is_another_incident() -> None:
    assert merged(
        strike("Hezbollah rockets hit barracks in the Galilee", type="rocket-missile", by="axis", places=()),
        strike("Israel shells the outskirts of Naqoura in response", type="artillery", by="israel", hours=1),
    ) == [[0], [1]]


def test_a_second_strike_on_the_same_town_in_the_evening_is_another_incident() -> None:
    morning = strike("Air raid on Naqoura wounds a farmer at dawn", killed=None)
    evening = strike("Warplanes bomb Naqoura outskirts again, house destroyed", killed=None, hours=14)
    assert merged(morning, evening) == [[0], [1]]


def test_strikes_on_two_towns_on_one_day_are_two_incidents() -> None:
    khiam = Place("Khiam", 33.327, 35.614)
    assert merged(
        strike("Drone strike near Naqoura wounds three", killed=None),
        strike("Drone strike near Khiam wounds one", killed=None, places=(khiam, LEBANON), hours=1),
    ) == [[0], [1]]


def test_incidents_on_different_fronts_never_merge() -> None:
    assert merged(strike(), strike(fronts=("iraq-syria",))) == [[0], [1]]


def test_the_same_words_three_days_later_are_another_incident() -> None:
    assert merged(strike(), strike(hours=72)) == [[0], [1]]


def test_a_statement_never_joins_an_incident() -> None:
    said = samples.report(NAQOURA_STRIKE, tagged=samples.tags(kind=Kind.STATEMENT))
    assert merged(strike(), said) == [[0], [1]]


def test_context_is_a_row_of_its_own_but_for_copies_of_the_same_piece() -> None:
    said = samples.tags(kind=Kind.STATEMENT)
    titles = [
        "Minister warns of a harsh response to any attack",
        "Minister warns of harsh response to any attack",
        "Party leader warns of a war that nobody wants",
    ]
    assert merged(*(samples.report(title, tagged=said) for title in titles)) == [[0, 1], [2]]


# What an incident says


def test_an_incident_says_the_worst_and_the_most_exact_that_its_reports_say() -> None:
    incident = incident_of(
        strike("Drone strike reported in south Lebanon", places=(LEBANON,), killed=None),
        strike(severity=Severity.HIGH, killed=2, hours=1),
        strike("Drone strike in south Lebanon: one dead", places=(LEBANON,), killed=1, hours=2),
    )
    assert (incident.severity, incident.killed, incident.place) == (Severity.HIGH, 2, NAQOURA)
    assert (incident.first_seen, incident.last_seen, incident.reports) == (NOON, NOON + 2 * HOUR, 3)


def test_type_and_side_go_by_majority_and_a_vague_word_counts_only_alone() -> None:
    copies = [{"type": "other", "by": "unknown"}] * 3 + [{"type": "air-strike", "by": "israel"}]
    incident = incident_of(*(strike(hours=n / 4, **tags) for n, tags in enumerate(copies)))
    assert (incident.type, incident.by) == ("air-strike", "israel")
    alone = incident_of(strike(type="other", by="unknown"))
    assert (alone.type, alone.by) == ("other", "unknown")


def test_of_two_sides_that_are_told_as_often_the_one_told_first_stands() -> None:
    first, second = strike(by="israel"), strike(by="us-coalition", hours=1)
    assert incident_of(first, second).by == "israel"
    assert incident_of(second, first).by == "israel"


def test_publishers_are_each_named_once_and_a_wire_copy_is_no_second_voice() -> None:
    told = [("wire", "B"), ("agency", "A"), ("wire", "B"), ("blog", "F")]
    copies = [
        strike(hours=hour / 4)._replace(publisher=publisher, reliability=letter)
        for hour, (publisher, letter) in enumerate(told)
    ]
    incident = incident_of(*copies)
    assert incident.publishers == ("wire", "agency", "blog")
    assert incident.grade == "A3"
    own = strike("Two dead as drone hits car in Naqoura", hours=1)._replace(publisher="daily")
    assert incident_of(*copies, own).grade == "A2"


def test_a_clear_headline_stands_before_a_vague_one_and_then_stays() -> None:
    evidence = samples.tags(killed=2, evidence=[("Drone strike", 0, 12), ("Naqoura", 28, 35)])
    vague = strike("Naqoura: drone strike, two killed?")
    clear = samples.report(NAQOURA_STRIKE, at=NOON + HOUR, tagged=evidence)
    later = samples.report("Drone strike, two are dead: Naqoura", at=NOON + 2 * HOUR, tagged=evidence)
    assert incident_of(vague).headline == vague.title
    assert incident_of(vague, clear).headline == NAQOURA_STRIKE
    assert incident_of(vague, clear, later).headline == NAQOURA_STRIKE


def test_the_headline_is_the_clearest_of_the_best_graded_and_not_the_last() -> None:
    evidence = samples.tags(killed=2, evidence=[("Drone strike", 0, 12), ("Naqoura", 28, 35)])
    blog = samples.report(NAQOURA_STRIKE, at=NOON, tagged=evidence, reliability="F")
    vague = strike("Naqoura: what is known of the two killed by a drone?")._replace(reliability="A")
    clear = samples.report("Drone strike near the town of Naqoura kills two", at=NOON + HOUR, tagged=evidence)
    last = samples.report(
        "Drone strike in a village: Naqoura mourns two", at=NOON + 2 * HOUR, tagged=evidence
    )
    assert incident_of(blog, vague).headline == vague.title
    assert incident_of(blog, vague, clear, last).headline == clear.title


def test_one_wrong_tag_among_many_moves_no_incident_to_another_front() -> None:
    right = [strike(hours=n / 10) for n in range(5)]
    wrong = strike(fronts=("lebanon-border", "yemen"), hours=0.1)
    assert incident_of(*right, wrong).fronts == ("lebanon-border",)
    assert incident_of(strike(), wrong).fronts == ("lebanon-border", "yemen")


# How far apart


def test_a_town_lies_in_its_country_and_at_its_distance_from_another() -> None:
    assert gap(NAQOURA, LEBANON) == gap(LEBANON, NAQOURA) == 0.0
    beirut, baghdad = Place("One", 33.8938, 35.5018), Place("Other", 33.3152, 44.3661)
    assert gap(beirut, baghdad) == pytest.approx(822, abs=10)
    assert gap(beirut, beirut) == 0.0


@given(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.tuples(st.floats(-90, 90), st.floats(-180, 180))
)
def test_no_two_places_are_further_apart_than_half_the_earth(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    here, there = Place("One", *one), Place("Other", *other)
    assert 0.0 <= gap(here, there) <= 20_016
    assert gap(here, there) == pytest.approx(gap(there, here))


# Always


TOWNS = (NAQOURA, LEBANON, ERBIL, IRAQ, MOCHA, RED_SEA)
WORDS = ["drone", "strike", "kills", "two", "near", "the", "base", "rockets", "hit", "ship", "crew", "again"]

reports = st.builds(
    lambda words, hours, fronts, kind, type, by, killed, places, publisher: samples.report(
        " ".join(words),
        at=NOON + hours * HOUR,
        publisher=publisher,
        tagged=samples.tags(*fronts, kind=kind, type=type, by=by, killed=killed, places=tuple(places)),
    ),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=7),
    st.floats(0, 100),
    st.lists(st.sampled_from([front.id for front in samples.FRONTS]), min_size=1, max_size=2, unique=True),
    st.sampled_from([Kind.INCIDENT, Kind.INCIDENT, Kind.INCIDENT, Kind.STATEMENT]),
    st.sampled_from([None, "drone", "air-strike", "ship"]),
    st.sampled_from([None, "israel", "axis", "unknown"]),
    st.sampled_from([None, 0, 2, 12]),
    st.lists(st.sampled_from(TOWNS), max_size=2, unique=True),
    st.sampled_from(["wire", "agency", "daily"]),
)


class Board:
    """What somebody knows who is told of every change, as the store is."""

    def __init__(self) -> None:
        self.merger = Merger()
        self.incident_of: dict[str, int] = {}
        self.incidents: dict[int, Incident] = {}

    def take(self, report: Report) -> Changes:
        """What the report changed; it has been noted."""
        self.merger.place(report)
        changes = self.merger.changes()
        self.incident_of |= changes.incident_of
        self.incidents |= {incident.id: incident for incident in changes.incidents}
        for id in changes.emptied:
            del self.incidents[id]
        return changes

    def groups(self) -> set[frozenset[str]]:
        """The reports by incident, whatever its id."""
        groups: dict[int, set[str]] = {}
        for key, id in self.incident_of.items():
            groups.setdefault(id, set()).add(key)
        return {frozenset(keys) for keys in groups.values()}


@given(st.lists(reports, max_size=25))
def test_every_report_is_in_one_incident_and_counts_go_back_only_where_one_has_moved(
    told: list[Report],
) -> None:
    board = Board()
    for report in told:
        before, was = dict(board.incidents), dict(board.incident_of)
        changes = board.take(report)
        assert report.key in changes.incident_of
        assert board.incidents.keys() == set(board.incident_of.values())
        for id, incident in board.incidents.items():
            members = [each for each in told if board.incident_of.get(each.key) == id]
            assert incident.reports == len(members)
            assert incident.kind is members[0].tags.kind
            assert set(incident.publishers) == {each.publisher for each in members}
            assert incident.first_seen == min(each.published for each in members)
            assert incident.last_seen == max(each.published for each in members)
        moved_from = {was[key] for key in changes.incident_of if key in was}
        for id, incident in before.items():
            assert id in moved_from or board.incidents[id].reports >= incident.reports
            assert id in moved_from or (board.incidents[id].killed or 0) >= (incident.killed or 0)


@given(st.lists(reports, max_size=25))
def test_of_reports_that_come_in_order_none_ever_moves(told: list[Report]) -> None:
    board = Board()
    for report in sorted(told, key=lambda each: (each.published, each.key)):
        changes = board.take(report)
        assert list(changes.incident_of) == [report.key]
        assert not changes.emptied
        assert [incident.reports for incident in changes.incidents] == [
            sum(id == changes.incidents[0].id for id in board.incident_of.values())
        ]


@given(st.lists(reports, max_size=25))
def test_an_id_is_never_given_again(told: list[Report]) -> None:
    board, gone = Board(), set[int]()
    for report in told:
        gone.update(board.take(report).emptied)
        assert gone.isdisjoint(board.incident_of.values())


def test_a_report_that_comes_late_finds_the_incident_it_would_have_begun() -> None:
    """The first word of an act, vague as it is, joins two exact ones that can't do without it."""
    told = [
        strike("Explosion heard near Naqoura", killed=None, type="other", by="unknown"),
        strike("Blast in Naqoura was drone strike on car", hours=0.2, killed=None),
        strike("Two dead in drone strike on car in Naqoura", hours=0.4),
        strike("Naqoura: fuel station burns after explosion", hours=0.5, killed=None, type="other"),
    ]
    groups = set()
    for order in itertools.permutations(told):
        board = Board()
        for report in order:
            board.take(report)
        groups.add(frozenset(board.groups()))
    assert len(groups) == 1


def test_a_late_report_takes_the_one_that_is_rather_of_its_act_and_the_writer_is_told() -> None:
    board = Board()
    drone = strike("Drone hits car at gate of Naqoura port", killed=None)
    vague = strike("Two hurt at gate of Naqoura port", hours=0.5, killed=None, type="other", by="unknown")
    fight = strike(
        "Gunmen and soldiers fight at gate of Naqoura port, two hurt",
        hours=0.3,
        killed=None,
        type="clash",
        by="other",
    )
    board.take(drone)
    assert board.take(vague).incident_of == {vague.key: 1}
    changes = board.take(fight)
    assert changes.incident_of == {fight.key: 2, vague.key: 2}
    assert {incident.id: incident.reports for incident in changes.incidents} == {1: 1, 2: 2}
    assert not changes.emptied


@given(st.lists(reports, max_size=20))
def test_the_same_reports_give_the_same_incidents(told: list[Report]) -> None:
    def run() -> list[Incident]:
        merger = Merger()
        return [assign(merger, report) for report in told]

    assert run() == run()


def test_a_merger_that_is_restored_goes_on_where_it_was() -> None:
    first, again = strike(), strike("Two dead as drone hits car in Naqoura", hours=1)
    before = Merger()
    stored = [(assign(before, first), [first])]
    after = Merger()
    after.restore(stored)
    assert assign(after, again) == assign(before, again)
    assert assign(after, strike(places=(MOCHA,), fronts=("yemen",))).id == 2


@given(st.lists(reports, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_what_an_incident_says_does_not_depend_on_the_order_of_its_reports(
    told: list[Report], dice: random.Random
) -> None:
    same = [
        report._replace(
            link="https://wire.example/one",
            published=NOON + MINUTE * number,
            # Elsewhere would be another event, whatever the link says.
            tags=report.tags._replace(
                fronts=("yemen",),
                kind=Kind.INCIDENT,
                places=(MOCHA,) if report.tags.places else (),
            ),
        )
        for number, report in enumerate(told)
    ]
    shuffled = same[:]
    dice.shuffle(shuffled)
    assert incident_of(*same) == incident_of(*shuffled)


def test_a_report_is_held_against_few_stories_however_many_are_alike() -> None:
    found: Index[int] = Index()
    features = features_of(strike())
    for number in range(1000):
        found.file(number, [*features.all(), f"word {number % 300}"], NOON)
    nearby = found.around(NOON)
    words = {"word 7": 0.5, "word 8": 0.5} | dict.fromkeys(features.words, 0.1)
    nearby.rarity([*words, *features.facts])
    shared = nearby.sharing(words, features.facts)
    assert dict(shared.words) == {number: 0.5 for number in range(1000) if number % 300 in (7, 8)}
    assert not shared.facts
    assert shared.other_words == pytest.approx(0.1 * len(features.words))
    assert shared.other_facts == pytest.approx(sum(features.facts.values()))


def test_of_many_days_the_longest_unused_is_forgotten() -> None:
    merger = Merger()
    first = assign(merger, strike()).id
    for day in range(1, MEMORY_DAYS):
        assign(merger, strike(f"Ferry {day}", hours=24 * day, places=(MOCHA,), killed=None))
    assert assign(merger, strike(hours=1)).id == first
    for day in range(20, 20 + MEMORY_DAYS):
        assign(merger, strike(f"Ferry {day}", hours=24 * day, places=(MOCHA,), killed=None))
    assert assign(merger, strike(hours=2)).id != first


def test_entries_that_come_newest_first_meet_as_well() -> None:
    told = [strike(hours=-72.0 * n - minutes / 60) for n in range(20) for minutes in (0, 30)]
    assert merged(*told) == [[2 * n, 2 * n + 1] for n in range(20)]


@pytest.mark.parametrize("days", [0, 3, 6])
def test_the_entries_of_a_week_meet_in_whatever_order_the_feeds_bring_them(days: int) -> None:
    today = [strike("Rockets at a base", hours=24 * 6, places=(ERBIL,), by="axis", killed=None)]
    old = [strike(hours=24 * days), *today, strike("Two killed by drone near Naqoura", hours=24 * days + 1)]
    assert [0, 2] in merged(*old)
