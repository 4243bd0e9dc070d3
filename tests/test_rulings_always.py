"""Whatever comes in whatever order and whatever people rule meanwhile, no report is lost or doubled."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import samples
from tests.samples import ERBIL, HOUR, NOON
from tests.test_merge import WORDS
from tests.watchdesk import NOW, Watchdesk
from tui.incidents.merge import REOPENED
from tui.incidents.rulings import Refused, RulingState
from tui.model import Kind, Severity
from tui.store.rows import Action

PEOPLE = ("ab", "cd")

Step = tuple[Any, ...]
"""What happens: a name and what it happens with. Incidents are counted off among those that there are."""

numbers, people = st.integers(0, 20), st.sampled_from(PEOPLE)
reports = st.builds(
    lambda words, hours, front, kind, type, by, publisher: samples.report(
        " ".join(words),
        at=NOON + hours * HOUR,
        publisher=publisher,
        tagged=samples.tags(front, kind=kind, type=type, by=by, killed=None),
    ),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=5, unique=True),
    st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0, 1.3, 6.0]),
    st.sampled_from(["lebanon-border", "lebanon-border", "yemen"]),
    st.sampled_from([Kind.INCIDENT, Kind.INCIDENT, Kind.INCIDENT, Kind.STATEMENT]),
    st.sampled_from(["drone", "clash", "other"]),
    st.sampled_from(["israel", "axis", "unknown"]),
    st.sampled_from(["wire", "agency", "daily"]),
)
"""Reports of one town within a few hours: many could be of several incidents."""

some_reports = st.lists(reports, min_size=2, max_size=6)
values = st.one_of(
    st.tuples(st.just("fronts"), st.sampled_from([(), ("yemen",), ("iraq-syria", "yemen")])),
    st.tuples(st.just("kind"), st.sampled_from([Kind.INCIDENT, Kind.OTHER])),
    st.tuples(st.just("severity"), st.sampled_from(list(Severity))),
    st.tuples(st.just("place"), st.sampled_from([None, ERBIL])),
    st.tuples(st.just("killed"), st.sampled_from([None, 0, 7])),
)
steps = st.one_of(
    st.tuples(st.just("tell"), some_reports),
    st.tuples(st.just("copy"), st.lists(numbers, min_size=1, max_size=4)),
    st.tuples(st.just("copy"), st.lists(numbers, min_size=1, max_size=4)),
    st.tuples(st.just("correct"), people, numbers, values),
    st.tuples(st.just("merge"), people, numbers, numbers),
    st.tuples(st.just("split"), people, numbers, st.integers(1, 4)),
    st.tuples(st.just("undo"), people),
    st.tuples(st.just("undo"), people),
    st.tuples(st.just("acknowledge"), people, numbers),
    st.tuples(st.just("rule")),
    st.tuples(st.just("rule")),
    st.tuples(st.just("restart")),
)
watches = st.tuples(some_reports, st.lists(steps, min_size=5, max_size=16)).map(
    lambda first_and_rest: [("tell", first_and_rest[0]), *first_and_rest[1]]
)


class Play:
    """Runs steps on a store, and knows what must be true of it."""

    def __init__(self, path: Path) -> None:
        self.desk = Watchdesk(path)
        self.told: dict[str, float] = {}
        """When each report was published, by key."""
        self.said: dict[int, Action] = {}
        """Corrections that were asked and not taken back, by action."""
        self.fixed: set[int] = set()
        """Incidents that people have acknowledged."""

    def step(self, step: Step) -> None:
        name, *rest = step
        getattr(self, f"_{name}")(*rest)

    def _tell(self, reports: Sequence[Any]) -> None:
        before = self.desk.whereabouts()
        keys = self.desk.tell(*reports)
        after = self.desk.whereabouts()
        new = [report.published for key, report in zip(keys, reports, strict=True) if key not in before]
        self.told |= {key: report.published for key, report in zip(keys, reports, strict=True)}
        assert after.keys() == self.told.keys()
        ruled = set(self._column("SELECT incident FROM ruled UNION SELECT incident FROM correction"))
        for key, id in before.items():
            if after[key] != id:
                assert id not in self.fixed | ruled
                assert any(late < self.told[key] <= late + REOPENED or late == self.told[key] for late in new)

    def _copy(self, picked: Sequence[int]) -> None:
        """Some that are stored come again from elsewhere, a little later, and one before all of them."""
        stored = [report for id in self.desk.incidents() for report in self.desk.reader.reports(id)]
        if stored:
            chosen = [stored[number % len(stored)] for number in picked]
            self._tell(
                [
                    each._replace(
                        key=f"copy-{len(self.told)}-{n}",
                        link=f"https://copy.example/{len(self.told)}/{n}",
                        publisher="copy",
                        published=each.published + 300.0 * n,
                    )
                    for n, each in enumerate(chosen, -1)
                ]
            )

    def _correct(self, who: str, number: int, value: tuple[str, object]) -> None:
        if (id := self._some(number)) is not None:
            action = self._asked(lambda: self.desk.desk.correct(id, *value, who, NOW))
            if action is not None:
                self.said[action.id] = action

    def _merge(self, who: str, number: int, other: int) -> None:
        into, gone = self._some(number), self._some(other)
        if into is not None and gone is not None:
            self._asked(lambda: self.desk.desk.merge(into, gone, who, NOW))

    def _split(self, who: str, number: int, count: int) -> None:
        if (id := self._some(number)) is not None:
            self._asked(lambda: self.desk.desk.split(sorted(self.desk.keys(id))[:count], who, NOW))

    def _undo(self, who: str) -> None:
        action = self.desk.desk.undo(who, NOW)
        if action is not None:
            self.said.pop(action.id, None)
            if action.verb == "acknowledge":
                self.fixed -= set(action.payload["ids"])

    def _acknowledge(self, who: str, number: int) -> None:
        if (id := self._some(number)) is not None:
            self.fixed |= set(self.desk.desk.acknowledge([id], who, NOW))

    def _rule(self) -> None:
        self.desk.rule()
        for ruled in self.desk.reader.rulings():
            if ruled.state is RulingState.REFUSED:
                assert ruled.refused
                self.said.pop(ruled.action.id, None)
        assert self.desk.whereabouts().keys() == self.told.keys()

    def _restart(self) -> None:
        self.desk.restart()

    def _some(self, number: int) -> int | None:
        ids = sorted(self.desk.incidents())
        return ids[number % len(ids)] if ids else None

    def _asked(self, ask: Any) -> Action | None:
        try:
            return ask()  # type: ignore[no-any-return]  # each returns an Action
        except Refused:
            return None

    def _column(self, question: str) -> list[Any]:
        with closing(sqlite3.connect(self.desk.path)) as db:
            return [value for (value,) in db.execute(question)]

    def check(self) -> None:
        """Every report in the one incident that counts it, and what people say as they said it last."""
        self._rule()
        assert self._column("SELECT count(*) FROM report WHERE incident IS NULL") == [0]
        assert self._column("SELECT count(*) FROM report") == [len(self.told)]
        of_it = "(SELECT count(*) FROM report r WHERE r.incident = i.id)"
        assert self._column(f"SELECT id FROM incident i WHERE reports <> {of_it}") == []
        shown = "EXISTS (SELECT 1 FROM incident_front f WHERE f.incident = i.id)"
        assert self._column(f"SELECT id FROM incident i WHERE (reports > 0) <> {shown}") == []
        last = {
            (action.payload["ids"][0], action.payload["field"]): action.id
            for action in sorted(self.said.values(), key=lambda each: each.id)
        }
        corrections = self.desk.reader.corrections()
        assert {(each.incident, each.field): each.action for each in corrections} == last
        incidents = self.desk.incidents()
        for each in corrections:
            incident = incidents.get(each.incident)
            if incident is not None and (incident.kind is Kind.INCIDENT or each.field not in FACTS):
                assert getattr(incident, each.field) == each.value


FACTS = {"type", "by", "killed", "severity"}
"""What no context has."""


def play(folder: str, name: str, told: Sequence[Step]) -> bytes:
    """What ``list`` says in the end."""
    run = Play(Path(folder) / name)
    with closing(run.desk):
        for step in told:
            run.step(step)
        run.check()
        listed = run.desk.listed()
        run.desk.restart()
        run.check()
        assert run.desk.listed() == listed
        return listed


@settings(max_examples=60)
@given(watches)
def test_no_report_is_ever_in_two_incidents_or_none_and_what_people_say_holds(told: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        play(folder, "store.db", told)


@settings(max_examples=15)
@given(watches)
def test_two_runs_with_the_same_rulings_are_equal_to_the_byte(told: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert play(folder, "one.db", told) == play(folder, "other.db", told)
