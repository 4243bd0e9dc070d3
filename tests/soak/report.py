"""What a month came to, in words and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from tests.soak.curve import Panel, draw
from tests.soak.judge import LIMIT, Row, verdicts
from tests.soak.person import Diary
from tui.store.migrate import JOURNAL_LIMIT

WAL_LIMIT: Final = 1.5 * JOURNAL_LIMIT / 2**20
"""MiB that the journal of the store may take: it is put into the store from two thirds of that on."""

PROCESSES: Final = (
    Panel(
        "memory of its own (USS), MiB",
        {"app.uss": "app", "collector.uss": "collector", "workers.uss": "parsers"},
    ),
    Panel("resident memory (RSS), MiB", {"app.rss": "app", "collector.rss": "collector"}),
    Panel("Python's memory blocks in use", {"app.blocks": "app", "collector.blocks": "collector"}),
    Panel("objects the collector of garbage minds", {"app.objects": "app", "collector.objects": "collector"}),
    Panel("open files", {"app.fds": "app", "collector.fds": "collector"}),
    Panel("threads", {"app.threads": "app", "collector.threads": "collector"}),
    Panel("asyncio tasks", {"app.tasks": "app", "collector.tasks": "collector"}),
    Panel(
        "Textual's widgets, timers, queries",
        {"app.widgets": "widgets", "app.timers": "timers", "app.queries": "queries"},
    ),
)
STORE: Final = (
    Panel("store, MiB", {"db": "file", "free": "of it free", "wal": "journal"}),
    Panel("log files, MiB", {"log": "log"}),
    Panel("rows", {"reports": "reports", "incidents": "incidents", "actions": "actions"}),
    Panel("rows the app has yet to see (seq)", {"lag": "lag"}),
    Panel("written to the terminal, MiB an hour", {"output.rate": "output"}),
    Panel("processor, share of a core", {"app.load": "app", "collector.load": "collector"}),
    Panel("answers by feeds a minute", {"answers.rate": "answers"}),
)


class Told(NamedTuple):
    """The month in words, and whether it was good."""

    words: str
    good: bool


def report(
    rows: Sequence[Row],
    diary: Diary,
    facts: Mapping[str, float],
    folder: Path,
) -> Told:
    """Draws the curves into the folder and tells the rest."""
    drawn = with_rates(rows)
    title = f"{facts['days']:g} days in {facts['minutes']:g} minutes"
    (folder / "soak-processes.svg").write_text(
        draw(f"Processes: {title}", PROCESSES, drawn), encoding="utf-8"
    )
    (folder / "soak-store.svg").write_text(
        draw(f"Store and terminal: {title}", STORE, drawn), encoding="utf-8"
    )
    last, wal = rows[-1], max(row["wal"] for row in rows)
    lines = [
        "| figure | second third | last third | growth | lowest to highest |",
        "|---|--:|--:|--:|--:|",
    ]
    judged = verdicts(rows)
    for each in judged:
        mark = "" if each.flat else " **grows**"
        lines.append(
            f"| {each.figure} | {each.before:,.1f} | {each.after:,.1f} | {each.growth:+.2%}{mark} "
            f"| {each.lowest:,.1f} to {each.highest:,.1f} |"
        )
    answers = {name.partition(".")[2]: value for name, value in last.items() if name.startswith("answers.")}
    lines += [
        "",
        f"{facts['feeds']:.0f} feeds, {sum(answers.values()):,.0f} answers of the month's publishers: "
        + ", ".join(f"{value:,.0f} {name}" for name, value in answers.items()),
        f"{diary.tours} tours, {diary.keys:,} keys, {diary.screens:,} screens looked for and seen, "
        f"the slowest after {diary.slowest:.1f} s, {len(diary.again)} asked for twice, "
        f"{len(diary.missed)} not seen",
        f"store {last['db']:.1f} MiB, journal at most {wal:.1f} MiB (limit {WAL_LIMIT:g}), "
        f"{last['output']:.0f} MiB written to the terminal, {last['actions']:,.0f} actions of people",
        f"exit code {facts['exit']:.0f}, {facts['errors']:.0f} errors in the log, "
        f"collector started {facts['starts']:.0f} times",
    ]
    bad = [f"{each.figure} grew by {each.growth:.1%}" for each in judged if not each.flat]
    if wal > WAL_LIMIT:
        bad.append(f"the journal took {wal:.1f} MiB")
    if diary.missed:
        bad.append(f"{len(diary.missed)} screens did not come: {'; '.join(diary.missed)}")
    if facts["exit"]:
        bad.append(f"the dashboard ended with {facts['exit']:.0f}")
    if facts["starts"] != 1:
        bad.append(f"the collector was started {facts['starts']:.0f} times")
    if facts["errors"]:
        bad.append(f"{facts['errors']:.0f} errors in the log")
    lines.append(f"NOT GOOD: {'; '.join(bad)}" if bad else f"GOOD: nothing grew by more than {LIMIT:.0%}")
    return Told("\n".join(lines), not bad)


def with_rates(rows: Sequence[Row]) -> list[Row]:
    """The rows with what happened since the one before, by the hour, the minute and the second."""
    told: list[Row] = []
    for before, row in pairwise(rows):
        minutes = row["minute"] - before["minute"]
        answers = sum(row[name] - before.get(name, 0.0) for name in row if name.startswith("answers."))
        told.append(
            row
            | {
                "output.rate": (row["output"] - before["output"]) / minutes * 60.0,
                "app.load": (row["app.cpu"] - before["app.cpu"]) / minutes / 60.0,
                "collector.load": (row["collector.cpu"] - before["collector.cpu"]) / minutes / 60.0,
                "answers.rate": answers / minutes,
            }
        )
    return told
