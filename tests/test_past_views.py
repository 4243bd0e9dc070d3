"""What map, tempo, log, search and handover show of a past minute is what they showed then.

Each is compared with a copy of the store that was taken at that minute, read as now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests import samples
from tests.new_store import new_writer
from tests.samples import DAY, HOUR, MINUTE, MOCHA, NAQOURA, NOON
from tests.test_merge import strike
from tests.watchdesk import NOW, Watchdesk, copies
from tui.handover import hand_over
from tui.incidents.alarms import Bell, Cause, Muted
from tui.incidents.standing import POSTURE, Posture, Standing
from tui.incidents.story import Story
from tui.incidents.tally import Asked
from tui.model import Incident, Kind, Severity, Timestamp, Watch
from tui.policy import Priority
from tui.store.desk import Desk
from tui.store.filters import Known
from tui.store.log import Only, Wanted
from tui.store.past import Past
from tui.store.past_search import PastSearcher
from tui.store.query import parse
from tui.store.reader import Reader
from tui.store.search import Searcher

NORTH, EAST = "lebanon-border", "iraq-syria"
FRONTS = samples.FRONTS[:2]
WATCH = Watch("Test", FRONTS, (samples.feed(),))
TITLES = (
    "Drone strike kills two near Naqoura",
    "Rockets fired at a base, attacked 12 times since 3 May",
    "Tanker hit by missile off Mocha",
    "Minister warns of war",
)
QUERIES = (
    "drone",
    "rockets base",
    "hit -mocha",
    "severity:high+",
    "killed:>0",
    "front:iraq-syria",
    "-front:iraq-syria kind:incident",
    "state:new",
    "state:acknowledged,shelved",
    "by:axis since:24h",
    "publisher:p1",
    "lang:ar",
    "place:Mocha",
    "drone state:closed",
    "until:2023-12-02",
    "type:ship -severity:low",
    "grade:B",
)
WANTED = (Wanted(), Wanted(front=EAST), Wanted(Only.PEOPLE), Wanted(Only.ALARMS), Wanted(since=NOON + HOUR))


class Life:
    """A store in which things happen, and copies of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.path = folder / "s.db"
        self.dice = Random(seed)
        self.writer, self.desk = new_writer(self.path), Desk(self.path)
        self.now = NOON
        self.posture = Posture.USUAL
        self.stories: list[Story] = []
        self.copies: list[tuple[Timestamp, Path]] = []

    def close(self) -> None:
        self.writer.close()
        self.desk.close()

    def happen(self) -> None:
        """One thing more."""
        dice = self.dice
        # To the second: of reports of one moment the one that came first counts first, which is not stored.
        self.now += dice.choice([1, 7, 45, 400]) * MINUTE + dice.randint(0, 40)
        choice = dice.random()
        some = (dice.randint(1, max(1, len(self.stories))),)
        who = dice.choice(("ab", "cd"))
        if choice < 0.6 or not self.stories:
            self.tell()
        elif choice < 0.7:
            self.desk.acknowledge(some, who, self.now)
        elif choice < 0.77:
            self.desk.shelve(some, self.now + 2 * HOUR, who, self.now)
        elif choice < 0.84:
            self.desk.undo(who, self.now)
        elif choice < 0.9:
            self.desk.note(dice.choice((*some, None)), f"noted at {self.now}", who, self.now)
        elif choice < 0.94:
            self.writer.close_quiet(self.now)
        elif choice < 0.97:
            bell = Bell(self.now, some[0], Priority.HIGH, Cause.NEW, dice.choice(list(Muted)[:3]), "rockets")
            self.writer.judge(0, {}, [bell], now=self.now)
        else:
            self.posture = dice.choice(
                [each for each in Posture if each not in (Posture.USUAL, self.posture)]
            )
            self.writer.stand(
                [Standing(POSTURE, NORTH, self.posture, self.now, self.now, "9 in 6 h")], self.now
            )

    def tell(self) -> None:
        """A report of a new story, or of one that there is."""
        dice = self.dice
        which = dice.randint(1, len(TITLES))
        if not self.stories or dice.random() < 0.5:
            kind = Kind.STATEMENT if which == len(TITLES) else Kind.INCIDENT
            self.stories.append(Story(len(self.stories) + 1, kind))
        story = self.stories[-dice.randint(1, min(6, len(self.stories)))]
        tags = samples.tags(
            *dice.choice(((NORTH,), (EAST,), (NORTH, EAST))),
            kind=story.kind,
            severity=dice.choice(list(Severity)),
            killed=dice.choice((None, 2, 5)),
            type=dice.choice(("drone", "ship")),
            by=dice.choice(("axis", "israel")),
            places=dice.choice(((NAQOURA,), (MOCHA,), ())),
        )._replace(against=dice.choice(("axis", "israel", None)))
        late = dice.choice((0.0, MINUTE, 3 * HOUR, 30 * HOUR)) + dice.random()
        publisher = f"p{dice.randint(1, 3)}"
        language = dice.choice(("en", "ar"))
        report = samples.report(
            TITLES[which - 1],
            at=self.now,
            tagged=tags,
            published=self.now - late,
            publisher=publisher,
            language=language,
        )
        if dice.random() < 0.1:
            self.writer.add([(report._replace(tags=samples.tags(kind=Kind.OTHER)), None)], [])
            return
        story.add(report)
        self.writer.add([(report, story.id)], [story.incident()])

    def keep(self) -> None:
        """A copy of the store as it is."""
        self.copies.append((self.now, copied(self.path, len(self.copies))))


def copied(path: Path, number: int) -> Path:
    """A copy of a store, beside it."""
    copy = path.with_name(f"copy{number}.db")
    with closing(sqlite3.connect(path)) as db, closing(sqlite3.connect(copy)) as other:
        db.backup(other)
    return copy


def plain(incident: Incident) -> Incident:
    """Without the order of its fronts: where one report names two of them, it hangs on which came first."""
    return incident._replace(fronts=tuple(sorted(incident.fronts)))


def figures(view: Reader | Past, now: Timestamp) -> dict[str, object]:
    """What map and tempo read."""
    until = (now // HOUR + 1) * HOUR
    found: dict[str, object] = {}
    for front in (None, NORTH, EAST):
        for hours in (6, 24, 168):
            since = now - hours * HOUR
            rows = view.incidents(front=front, kinds=(Kind.INCIDENT,), since=since, limit=5000)
            found[f"map {front} {hours}"] = [plain(each) for each in rows]
        found[f"first {front}"] = view.first_incident(front)
        for against in (None, "axis", "israel"):
            for by, type in ((None, None), ("axis", "drone")):
                asked = Asked(now - 20 * DAY, now, front, against, by, type)
                found[f"tally {front} {against} {by}"] = view.counted(asked)
        asked = Asked(now - 2 * DAY, now, front)
        found[f"quotes {front}"] = sorted(report.key for report in view.may_quote(asked))
    for front in (NORTH, EAST):
        for by, type in ((None, None), ("axis", None), (None, "ship")):
            found[f"hours {front} {by} {type}"] = view.hours(front, until, 31 * 24, type, by).counts
    return found


def logged(view: Reader | Past) -> list[object]:
    """What the log reads, whole and page by page."""
    found: list[object] = []
    for wanted in WANTED:
        whole = view.log(wanted, limit=-1)
        paged = view.log(wanted, limit=3)
        while len(paged) < len(whole):
            paged += view.log(wanted, paged[-1].place, limit=3)
        assert paged == whole
        found.append(whole)
    return found


def answers(searcher: Searcher, now: Timestamp, as_of: Timestamp | None) -> dict[str, object]:
    """What each query finds; what words find in the order of numbers, as weights are of the whole store."""
    known = searcher.vocabulary(Known.of(FRONTS, as_of))
    known = replace(known, sides={"axis": 1, "israel": 1}, places={"Mocha": 1, "Naqoura": 1})
    known = replace(known, publishers={"p1": 1, "p2": 1, "p3": 1})
    found: dict[str, object] = {}
    for words in QUERIES:
        query = parse(words, known, now)
        answer = searcher.search(query, 1000)
        rows = [
            (each.incident and plain(each.incident), each.report.key if each.report else "")
            for each in answer.found
        ]
        if query.wanted:
            rows = sorted((incident, "") for incident, _ in rows if incident)
        counts = (answer.incidents, answer.context, answer.others, answer.at_least)
        found[words] = (counts, rows)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_every_view_of_a_minute_is_what_it_was(tmp_path: Path, seed: int) -> None:
    with closing(Life(tmp_path, seed)) as life:
        for number in range(60):
            life.happen()
            if number % 12 == 5:
                life.keep()
        with closing(Reader(life.path)) as reader:
            for at, copy in life.copies:
                past = reader.past(at)
                with closing(Searcher(copy)) as then, closing(PastSearcher(life.path, at)) as searcher:
                    assert figures(past, at) == figures(then, at)
                    assert logged(past) == logged(then)
                    ids = [each.id for each in life.stories]
                    assert past.notes(ids) == then.notes(ids)
                    assert past.last_handovers(9) == then.last_handovers(9)
                    assert answers(searcher, at, at) == answers(then, at, None)
                    assert handed_over(past, at) == handed_over(then, at)


def handed_over(view: Reader | Past, at: Timestamp) -> str:
    """The handover, without what it says of the feeds, which nobody knows of then."""
    return hand_over(view, WATCH, at - 8 * HOUR, at, "AB").markdown().partition("\n## Feeds")[0].rstrip()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Watchdesk]:
    with closing(Watchdesk(tmp_path / "s.db")) as desk:
        yield desk


def test_what_people_ruled_since_is_not_found_before(desk: Watchdesk) -> None:
    desk.tell(strike(), strike("Missile hits tanker off Mocha", hours=5, fronts=("yemen",), places=(MOCHA,)))
    (one, two) = desk.incidents()
    other, *_ = desk.tell(*copies(strike(), 2))
    acts: tuple[Callable[[Timestamp], object], ...] = (
        lambda when: desk.desk.correct(one, "severity", Severity.CRITICAL, "ab", when),
        lambda when: desk.desk.correct(one, "fronts", (EAST,), "ab", when),
        lambda when: desk.desk.undo("ab", when),
        lambda when: desk.desk.merge(one, two, "ab", when),
        lambda when: desk.desk.undo("ab", when),
        lambda when: desk.desk.split([other], "ab", when),
        lambda when: desk.desk.correct(two, "kind", Kind.STATEMENT, "ab", when),
    )
    taken = [(NOW + 1.0, copied(desk.path, 99))]
    for minute, act in enumerate(acts, 1):
        act(NOW + minute * MINUTE)
        desk.rule()
        taken.append((NOW + minute * MINUTE + 1, copied(desk.path, minute)))
    for at, copy in taken:
        with closing(Searcher(copy)) as then, closing(PastSearcher(desk.path, at)) as searcher:
            past = desk.reader.past(at)
            queries = ("severity:critical", "front:iraq-syria", "kind:incident", "mocha", "strike", "-mocha")
            for words in queries:
                was = then.search(parse(words, Known.of(samples.FRONTS), at))
                found = searcher.search(parse(words, Known.of(samples.FRONTS, at), at))
                assert {each.incident for each in found.found} == {each.incident for each in was.found}, words
            for id in (one, two):
                assert past.corrections(id) == then.corrections(id)
            since = at - 20 * DAY
            kinds = (Kind.INCIDENT,)
            assert past.incidents(kinds=kinds, since=since) == then.incidents(kinds=kinds, since=since)
