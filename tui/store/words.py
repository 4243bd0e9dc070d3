"""What the index of words keeps of a report."""

from __future__ import annotations

from tui.model import Report
from tui.tagging.fold import fold


def words_of(report: Report) -> tuple[str, str]:
    """Its folded title and summary."""
    return fold(report.title), fold(report.summary)
