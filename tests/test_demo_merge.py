"""The demo's invented events, told in five languages: how many incidents they become."""

from __future__ import annotations

import pytest

from tests.demo_run import Demo, run


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The history and the first four hours of the demo; ``bench_merge --demo`` measures all of it."""
    return run(tmp_path_factory.mktemp("demo"), hours=4)


def test_reports_of_one_event_are_one_incident_and_of_two_are_two(day: Demo) -> None:
    precision, recall = day.b_cubed()
    assert precision >= 0.91
    assert recall >= 0.90


def test_few_events_are_split_and_few_incidents_mixed(day: Demo) -> None:
    events = len(set(day.event.values()))
    assert events > 90
    assert len(day.split()) <= 0.15 * events
    assert len(day.mixed()) <= 0.08 * events


def test_nearly_every_report_of_an_event_is_in_an_incident(day: Demo) -> None:
    assert len(day.event.keys() - day.incident.keys()) <= 0.03 * len(day.event)


def test_nothing_else_is_an_incident_report(day: Demo) -> None:
    assert len(day.incident.keys() - day.event.keys()) <= 0.02 * len(day.incident)
