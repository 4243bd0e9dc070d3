"""One incident: its facts and who told them, every report with the words that matched, and why it is here."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tui.commands import INCIDENT
from tui.incidents.account import Validity, account
from tui.incidents.grade import assess, in_words
from tui.incidents.voices import Voices
from tui.model import Evidence, Incident, Kind, Report, State, Timestamp
from tui.screens.base import bindings
from tui.screens.correcting import Corrector
from tui.screens.page import PageScreen
from tui.session import Session
from tui.store.related import Related, related
from tui.store.sentences import note_text, value_words
from tui.tagging.why import arguments, missing, reason
from tui.widgets.header import Header
from tui.widgets.page import Lines
from tui.widgets.related_words import KEY, write_related
from tui.widgets.words import SIGNS, age, full_zulu, plural, zulu

if TYPE_CHECKING:
    from tui.store.past import Past

LABEL = 12
"""Cells of the column that names a fact."""

MAP_SIZE = (72, 14)
"""Cells of the map that says where it was: as wide as that at the most."""
LEAST_MAP = 10
"""Columns; with fewer, as before the page is laid out, there is no map."""

_VALIDITY = {
    Validity.STANDS: "",
    Validity.SUPERSEDED: ", superseded",
    Validity.CONTRADICTED: "  ! contradicted",
}


class IncidentScreen(PageScreen):
    """Every report of one incident; it stays live while it is open."""

    scope = INCIDENT
    BINDINGS = bindings(INCIDENT)

    def __init__(self, session: Session, incident: Incident, past: Past | None = None) -> None:
        """``past``: the store as it stood, where the incident is to be shown as of then."""
        self.incident = incident
        self._past = past
        self._view = past or session.reader
        self.reports: list[Report] = self._view.reports(incident.id)
        self._whole = False
        """Whether the end of the page is written, too."""
        self._related: list[Related] = []
        super().__init__(session)
        self.header = Header(session, way_out="back" if past else "")

    @property
    def as_of(self) -> Timestamp | None:
        """The past minute as of which it is shown."""
        return self._past.at if self._past else None

    @property
    def at_hand(self) -> Incident:
        """The one that it is of."""
        return self.incident

    def refresh_picture(self) -> None:
        """Bring the incident up to date when it is among what changed; in the past it stands still."""
        changed = any(incident.id == self.incident.id for incident in self.session.picture.incidents)
        live = changed and self._past is None
        current = self.session.reader.incident(self.incident.id) if live else None
        if current is None:
            self.header.take_picture()
            return
        self.incident = current
        self.reports = self.session.reader.reports(current.id)
        self._relate()
        super().refresh_picture()

    @property
    def _moment(self) -> Timestamp:
        """The moment that ages are told from."""
        return self._past.at if self._past else self.session.now()

    def write(self, lines: Lines) -> None:
        """Headline, facts, reports, and why: the selected report's evidence and the grade."""
        self._write_head(lines)
        self._write_facts(lines)
        self._write_notes(lines)
        self._write_corrections(lines)
        lines.heading(plural(len(self.reports), "report"))
        if not self.reports:
            lines.text(
                "Later reports showed that those of this incident are of another.", lines.ink.text, indent=2
            )
        for report in self.reports:
            self._write_report(lines, report)
        self._write_why(lines)
        if self.incident.kind is Kind.INCIDENT:
            self._write_grade(lines)
        if self._whole:
            self._write_map(lines)
            write_related(lines, self.incident, self._related, self._moment)

    def on_mount(self) -> None:
        """What stands last, the map and what is related, need not keep the page waiting."""
        super().on_mount()
        self.call_after_refresh(self._complete)

    def _complete(self) -> None:
        with self.host.telling():
            self._whole = True
            self._relate()
            self.page.remake()

    def _relate(self) -> None:
        """Read what is related, once the page is complete."""
        if self._whole and self.incident.kind is Kind.INCIDENT:
            fronts = [front.id for front in self.session.watch.fronts]
            self._related = related(self._view, fronts, self.incident)

    def _write_map(self, lines: Lines) -> None:
        """Where it was, on a small map."""
        from tui.widgets.map_draw import look_of, small_map  # here: the page need not wait for it

        width, height = MAP_SIZE
        width = min(width, lines.width - 2)
        if width < LEAST_MAP:
            return
        look = look_of(self.session, lines.ink, lines.rtl_mode)
        rows = small_map(self.incident, width, height, look)
        if rows:
            lines.heading("where")
        for row in rows:
            lines.add(("  ", lines.ink.text), *row)

    def _write_head(self, lines: Lines) -> None:
        ink, incident = lines.ink, self.incident
        lines.blank()
        lines.text(incident.headline, ink.strong)

    def _write_facts(self, lines: Lines) -> None:
        ink, incident = lines.ink, self.incident
        now = self._moment
        names = self.session.front_names
        sign = SIGNS[incident.severity] if incident.severity else ""
        lines.blank()
        if incident.severity:
            lines.add(
                ("severity".ljust(LABEL), ink.muted),
                (sign, ink.severity[incident.severity]),
                (f"  {incident.severity}", ink.text),
            )
        self._write_rows(lines, ("front", ", ".join(names.get(front, front) for front in incident.fronts)))
        if incident.kind is Kind.INCIDENT:
            self._write_account(lines)
        else:
            self._write_rows(lines, ("what", str(incident.kind)), ("where", self._where()))
        self._write_rows(
            lines,
            ("first told", f"{full_zulu(incident.first_seen)}, {age(now - incident.first_seen)} ago"),
            ("last told", f"{full_zulu(incident.last_seen)}, {age(now - incident.last_seen)} ago"),
            ("told by", f"{plural(len(incident.publishers), 'publisher')}: {', '.join(incident.publishers)}"),
            ("grade", self._grade_words()),
            ("state", self._state()),
        )

    def _write_rows(self, lines: Lines, *rows: tuple[str, str]) -> None:
        for label, value in rows:
            if value:
                lines.row(label, value, indent=LABEL, label_style=lines.ink.muted)

    def _write_notes(self, lines: Lines) -> None:
        """What people wrote down of it, each with who and when."""
        notes = self._view.notes((self.incident.id,)).get(self.incident.id, [])
        if notes:
            lines.heading(plural(len(notes), "note"))
        for note in notes:
            label = f"{full_zulu(note.at)} {note.who}"
            lines.row(label, note_text(note), indent=len(label) + 2, label_style=lines.ink.muted)

    def _write_corrections(self, lines: Lines) -> None:
        """What people put right, each with what stood before."""
        corrections = self._view.corrections(self.incident.id)
        if corrections:
            lines.heading("corrected by hand")
        for each in corrections:
            label = f"{zulu(each.at, self._moment)} {each.who}"
            words = f"{each.field}: {value_words(each.before)} → {value_words(each.value)}"
            lines.row(label, words, indent=LABEL, label_style=lines.ink.muted)
        if self._past is None and (waiting := self.session.reader.pending()):
            words = f"{plural(waiting, 'ruling')} asked for; the collector has not done so yet."
            lines.text(words, lines.ink.blind)

    def _where(self) -> str:
        place = self.incident.place
        return f"{place.name}  {place.lat:.2f}, {place.lon:.2f}" if place else "not told"

    def _write_account(self, lines: Lines) -> None:
        """Every value told of every fact, with who told it first, and when."""
        told = account(self.reports)
        place = self.incident.place
        for fact, group in groupby(told, key=lambda said: said.fact):
            for number, said in enumerate(group):
                where = (
                    self._where() if fact == "where" and place and said.value == place.name else said.value
                )
                others = f" and {plural(said.others, 'other')}" if said.others else ""
                self._write_rows(
                    lines,
                    (
                        "" if number else fact,
                        f"{where}  ({zulu(said.at)} {said.source}{others}){_VALIDITY[said.validity]}",
                    ),
                )
        missing = [fact for fact in ("where", "killed") if all(said.fact != fact for said in told)]
        self._write_rows(lines, *((fact, "not told") for fact in missing))

    def _write_grade(self, lines: Lines) -> None:
        """Why the grade is what it is, sentence by sentence."""
        if not self.reports:
            return
        lines.heading(f"why {self.incident.grade}")
        for sentence in assess(Voices(self.reports).heard()).why():
            lines.text(sentence, lines.ink.text, indent=2)

    def _grade_words(self) -> str:
        if self.incident.kind is not Kind.INCIDENT:
            return ""
        return f"{self.incident.grade}: {in_words(self.incident.grade)}"

    def _state(self) -> str:
        if self.incident.kind is not Kind.INCIDENT:
            return "context: never an alarm"
        if self.incident.state is State.NEW:
            return "new: nobody has acknowledged it"
        if self.incident.state is State.SHELVED and self.incident.state_until is not None:
            return f"shelved by {self.incident.state_by} until {zulu(self.incident.state_until)}"
        if self.incident.state is State.CLOSED:
            return "closed: nothing was told of it for 24 hours"
        if self.incident.state is State.SUPPRESSED:
            return f"suppressed by the rule {self.incident.state_by}: never rings, waits for nobody"
        return f"acknowledged by {self.incident.state_by}"

    def _write_report(self, lines: Lines, report: Report) -> None:
        ink = lines.ink
        lines.begin_block(report.key)
        lines.add(
            (full_zulu(report.published), ink.muted),
            (f"{' when first seen' if report.dated_when_seen else ''}  ", ink.muted),
            *lines.name(report.source, ink.strong),
            (f"  {report.reliability}", ink.muted),
            (f"  {report.tags.severity or report.tags.kind}", ink.muted),
        )
        evidence = report.tags.evidence
        lines.text(report.title, ink.text, indent=2, marks=_marks(evidence, "title", report.title))
        if report.summary and report.summary != report.title:
            lines.text(report.summary, ink.muted, indent=2, marks=_marks(evidence, "summary", report.summary))
        if report.link:
            lines.text(report.link, ink.muted, indent=2, most=2)
        lines.end_block()
        lines.blank()

    def _write_why(self, lines: Lines) -> None:
        report = self._chosen()
        if report is None:
            return
        lines.heading(f"why: {report.source}")
        for argument in arguments(report.tags):
            if argument.name:
                lines.text(f"{argument.name} {argument.weight:.1f}", lines.ink.muted, indent=2)
            for piece in argument.evidence:
                weight = f"{piece.weight:+.1f}" if piece.weight else ""
                lines.text(f"{piece.term}  ({piece.field})", lines.ink.mark, indent=2)
                lines.text(f"{weight:>5}  {reason(piece)}", lines.ink.text, indent=4)
        for sentence in missing(report.tags):
            lines.text(sentence, lines.ink.muted, indent=2)

    def _chosen(self) -> Report | None:
        """The selected report; the first where none is."""
        if not self.reports:
            return None
        return next((report for report in self.reports if report.key == self.page.key), self.reports[0])

    def on_page_selected(self) -> None:
        """Tell why of the report that was selected."""
        self.page.remake()

    def action_acknowledge(self) -> None:
        """Acknowledge this incident."""
        if self.may_write():
            self.say(self.host.acknowledge((self.incident,)))

    def action_shelve(self) -> None:
        """Shelve this incident."""
        if self.may_write():
            self.say(self.host.shelve((self.incident,)))

    def action_note(self) -> None:
        """Write a note on this incident."""
        self.write_note(self.incident)

    def action_correct(self) -> None:
        """Choose what is wrong."""
        if self.may_write():
            self._corrector().correct()

    def action_not_an_incident(self) -> None:
        """Say that it is none."""
        if self.may_write():
            self._corrector().not_an_incident()

    def action_merge(self) -> None:
        """Choose another incident that is the same event."""
        if self.may_write():
            self._corrector().merge()

    def action_split(self) -> None:
        """Make the selected report an incident of its own."""
        if not self.may_write():
            return
        report = next((each for each in self.reports if each.key == self.page.key), None)
        if report is None:
            self.say(f"No report is selected: {self.key('cursor_down')} selects the first.")
        else:
            self._corrector().split(report.key)

    def action_open_incident(self) -> None:
        """Open the related incident that is selected."""
        chosen = next((each for each in self._related if self.page.key == f"{KEY}{each.incident.id}"), None)
        if chosen is None:
            down, link = self.key("cursor_down"), self.key("open_link")
            self.say(f"{down} leads down to related incidents, to be opened; {link} opens a report's page.")
        else:
            self.host.push_screen(IncidentScreen(self.session, chosen.incident, past=self._past))

    def _corrector(self) -> Corrector:
        return Corrector(self, self.incident)

    def action_undo(self) -> None:
        """Take back the last thing this person did."""
        self.take_back()

    def action_open_link(self) -> None:
        """Open the selected report's page."""
        report = self._chosen()
        self.say(self.host.open_link(report.link if report else ""))


def _marks(evidence: tuple[Evidence, ...], field: str, text: str) -> list[tuple[int, int]]:
    """Spans of the field that count for something, in order and not overlapping."""
    spans = sorted(
        (piece.start, piece.end)
        for piece in evidence
        if piece.field == field and 0 <= piece.start < piece.end <= len(text)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
