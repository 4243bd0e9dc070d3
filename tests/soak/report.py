"""What a month came to, in words and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.soak.curve import Panel, draw
from tests.soak.judge import LIMIT, Row, Verdict
from tests.soak.person import Person

WAL_LIMIT: Final = 16.0
"""MiB that the store's journal may take at any time."""

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
    verdicts: Sequence[Verdict],
    person: Person,
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
        "| figure | after the warm-up | at the end | growth | lowest to highest |",
        "|---|--:|--:|--:|--:|",
    ]
    for each in verdicts:
        mark = "" if each.flat else " **grows**"
        lines.append(
            f"| {each.figure} | {each.start:,.1f} | {each.end:,.1f} | {each.growth:+.2%}{mark} "
            f"| {each.lowest:,.1f} to {each.highest:,.1f} |"
        )
    answers = {name.partition(".")[2]: value for name, value in last.items() if name.startswith("answers.")}
    lines += [
        "",
        f"{facts['feeds']:.0f} feeds, {sum(answers.values()):,.0f} answers of the month's publishers: "
        + ", ".join(f"{value:,.0f} {name}" for name, value in answers.items()),
        f"{person.tours} tours, {person.keys:,} keys, {person.screens:,} screens looked for and seen, the slowest "
        f"after {person.slowest:.1f} s, {len(person.missed)} not seen",
        f"store {last['db']:.1f} MiB, journal at most {wal:.1f} MiB (limit {WAL_LIMIT:g}), "
        f"{last['output']:.0f} MiB written to the terminal, {last['actions']:,.0f} actions of people",
        f"exit code {facts['exit']:.0f}, {facts['errors']:.0f} errors in the log, "
        f"collector started {facts['starts']:.0f} times",
    ]
    lines += [f"NOT SEEN: {each}" for each in person.missed]
    grown = [each.figure for each in verdicts if not each.flat]
    good = not grown and not person.missed and wal <= WAL_LIMIT and not facts["exit"] and facts["starts"] == 1
    lines.append(f"GOOD: nothing grew by more than {LIMIT:.0%}" if good else f"NOT GOOD: grown: {grown}")
    return Told("\n".join(lines), good)


def with_rates(rows: Sequence[Row]) -> list[Row]:
    """The rows with what happened since the one before, by the hour, the minute and the second."""
    told: list[Row] = []
    for before, row in zip(rows, rows[1:], strict=False):
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
