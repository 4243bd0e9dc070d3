"""Does what a person has ruled: in the merger, and in one transaction in the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tui.incidents.merge import Merger
from tui.incidents.rulings import (
    CORRECT,
    NEW,
    Refused,
    Ruling,
    RulingState,
    check,
    checked,
    gone,
    involved,
    laid_over,
    regrouped,
    stands,
    summed,
)
from tui.model import Incident
from tui.store import rulings
from tui.store.rulings import Done
from tui.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Effect:
    """What a ruling changes."""

    done: Done
    incidents: tuple[Incident, ...] = ()
    """Those that changed, as they stand."""
    moved: dict[str, int] = field(default_factory=dict)
    """Keys of reports that go to another incident, with its id."""
    emptied: tuple[int, ...] = ()
    """Incidents that have no report left."""


def carry_out(ruling: Ruling, writer: Writer, merger: Merger) -> Effect:
    """Does a ruling, or refuses it with a reason for the person; stores which.

    Raises ``StoreError``; then nothing is stored, the ruling is still asked, and the merger knows more than
    the store.
    """
    try:
        effect = _effect(ruling, writer, merger)
    except Refused as reason:
        effect = Effect(Done(ruling, refused=str(reason)))
    writer.add((), effect.incidents, moved=effect.moved, emptied=effect.emptied, done=effect.done)
    return effect


def _effect(ruling: Ruling, writer: Writer, merger: Merger) -> Effect:
    if ruling.undoes is not None and ruling.undoes.state is not RulingState.DONE:
        return Effect(Done(ruling))  # it was refused: there is nothing to take back
    check(ruling)
    meant = ruling.undoes or ruling
    return (_correct if meant.verb == CORRECT else _regroup)(ruling, writer, merger)


def _correct(ruling: Ruling, writer: Writer, merger: Merger) -> Effect:
    """A correction, or an undo of one: what was said before then counts again."""
    meant = ruling.undoes or ruling
    (id,), name = meant.payload["ids"], meant.payload["field"]
    reports = writer.reports(id)
    if not reports:
        if ruling.undoes is not None:
            return Effect(Done(ruling))  # merged since: it counts no more in any case
        raise Refused(gone(id))
    told, said = summed(id, reports), writer.ask(partial(rulings.corrected, incident=id))
    outcome: dict[str, Any] = {}
    if ruling.undoes is not None:
        after = writer.ask(partial(rulings.corrected, incident=id, without=meant.action))
    else:
        after = said | {name: checked(name, meant.payload["value"])}
        outcome["before"] = stands(laid_over(told, said), name)
    merger.correct(id, after)
    return Effect(Done(ruling, outcome), (laid_over(told, after),))


def _regroup(ruling: Ruling, writer: Writer, merger: Merger) -> Effect:
    """A merge, a split, or an undo of one."""
    told = {id: writer.reports(id) for id in involved(ruling)}
    groups = regrouped(ruling, told)
    outcome: dict[str, Any] = {}
    if NEW in groups:
        outcome["new"] = merger.new_id()
        groups[outcome["new"]] = groups.pop(NEW)
    home = {report.key: id for id, reports in told.items() for report in reports}
    moved = {report.key: id for id, reports in groups.items() for report in reports if home[report.key] != id}
    outcome["keys"] = list(moved)
    merger.regroup(groups)
    incidents = []
    for id, reports in groups.items():
        if reports:
            said = writer.ask(partial(rulings.corrected, incident=id))
            merger.correct(id, said)
            incidents.append(laid_over(summed(id, reports), said))
    emptied = tuple(id for id, reports in groups.items() if not reports)
    return Effect(Done(ruling, outcome), tuple(incidents), moved, emptied)
