"""Alarms of a month, for judging by eye: ``python -m tests.benchmarks.bench_alarms FILE``.

Replays a file of entries into a new store and prints, for the time of the file: alarms a day by priority
beside EEMUA's aim, floods, how incidents stand in the end, every bell, changes of posture, and the largest
incidents with all that was told of each. ``--all`` prints every incident so: what the share of needless
alarms is judged by.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from tui import paths
from tui.clock import iso
from tui.config import load
from tui.incidents.alarms import Cause
from tui.model import Incident, Kind
from tui.policy import Priority
from tui.replay import Summary, replay
from tui.store.reader import Reader

DAY = 86_400.0


def table(priorities: dict[int, Priority], incidents: Sequence[Incident]) -> Iterator[str]:
    """A line a day on which an alarm began, then the shares."""
    days: dict[float, Counter[Priority]] = defaultdict(Counter)
    for each in incidents:
        days[each.first_seen // DAY][priorities.get(each.id, Priority.LOW)] += 1
    yield "day         critical  high   low"
    for day in sorted(days):
        counts = "".join(f"{days[day][each]:8}" for each in reversed(Priority))
        yield f"{iso(day * DAY)[:10]}{counts}"
    total = sum(days.values(), Counter[Priority]())
    shares = ", ".join(f"{total[each] / total.total():.0%} {each}" for each in reversed(Priority))
    span = max(days) - min(days) + 1
    yield f"{total.total()} in {span:.0f} days, {total.total() / span:.1f} a day: {shares} (aim 5, 15, 80%)"


def bells(summary: Summary) -> Iterator[str]:
    """Every bell, and how many at most came in an hour."""
    floods = sum(bell.cause is Cause.FLOOD for bell in summary.bells)
    hours = Counter(bell.at // 3600.0 for bell in summary.bells)
    most = max(hours.values(), default=0)
    yield f"{len(summary.bells)} bells, at most {most} in an hour, {floods} floods"
    for bell in summary.bells:
        yield f"{iso(bell.at)} {bell.muted or 'rang'} #{bell.incident} {bell.cause}: {bell.words}"


def told(reader: Reader, incident: Incident) -> Iterator[str]:
    """An incident and every report of it."""
    facts = f"{incident.type}, by {incident.by}, killed {incident.killed}, {incident.severity}"
    yield f"#{incident.id} {iso(incident.first_seen)} {', '.join(incident.fronts)}: {facts}, {incident.grade}"
    for report in reader.reports(incident.id):
        yield f"    {iso(report.published)} {report.source} {report.reliability}: {report.title}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path, help="JSON lines, or .gz of them")
    parser.add_argument("--all", action="store_true", help="every incident with its reports")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        summary = replay(arguments.file, load(paths.builtin_config()), data, None, lambda _: None)
        with closing(Reader(data / paths.STORE_NAME)) as reader:
            incidents = reader.incidents(kinds=(Kind.INCIDENT,), limit=-1)[::-1]
            lines = [*table(summary.priorities, incidents), ""]
            stand = Counter(each.state for each in incidents)
            lines += [f"in the end: {', '.join(f'{n} {state}' for state, n in stand.most_common())}", ""]
            lines += [*bells(summary), ""]
            lines += [
                f"{iso(each.at)} {each.subject}: {each.before} -> {each.state}: {each.words}"
                for each in summary.events
            ]
            largest = sorted(incidents, key=lambda each: (-each.reports, -(each.killed or 0), each.id))[:5]
            for name, some in (("largest", largest), ("all", incidents if arguments.all else [])):
                lines += ["", name, *(line for each in some for line in told(reader, each))]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
