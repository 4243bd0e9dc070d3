"""One report that is of no incident: what it says, who says it, and its link."""

from __future__ import annotations

from tui.commands import REPORT
from tui.model import Report
from tui.screens.base import bindings
from tui.screens.page import PageScreen
from tui.session import Session
from tui.widgets.page import Lines
from tui.widgets.words import age, full_zulu

LABEL = 12
"""Cells of the column that names a fact, as on an incident's page."""


class ReportScreen(PageScreen):
    """A report's page."""

    scope = REPORT
    shows_then = True
    BINDINGS = bindings(REPORT)

    def __init__(self, session: Session, report: Report, marks: list[tuple[int, int]]) -> None:
        """``marks`` are the spans of the title that were searched for."""
        self.report = report
        self._marks = marks
        super().__init__(session)

    def refresh_picture(self) -> None:
        """A report never changes: only the header lives here."""
        self.header.take_picture()

    def write(self, lines: Lines) -> None:
        """Title, summary, who and when."""
        report, ink = self.report, lines.ink
        now = self.session.moment()
        lines.blank()
        lines.text(report.title, ink.strong, marks=self._marks)
        if report.summary and report.summary != report.title:
            lines.blank()
            lines.text(report.summary, ink.text)
        lines.blank()
        dated = "; when first seen: it had no date that can be" if report.dated_when_seen else ""
        facts = (
            ("source", f"{report.source}, reliability {report.reliability}"),
            ("publisher", report.publisher),
            ("published", f"{full_zulu(report.published)}, {age(now - report.published)} ago{dated}"),
            ("language", report.language),
            ("kind", f"{report.tags.kind}; on no front of this watch, so of no incident"),
            ("link", report.link or "none"),
        )
        for label, value in facts:
            lines.row(label, value, indent=LABEL, label_style=ink.muted)

    def action_open_link(self) -> None:
        """Open the report's page."""
        self.say(self.host.open_link(self.report.link))
