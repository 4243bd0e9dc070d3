"""The handover: what the next shift must know, as a page, as a file, on the clipboard."""

from __future__ import annotations

import os
from pathlib import Path

from tui.briefing import Briefing, Item, Section
from tui.clock import HOUR, MINUTE, iso
from tui.commands import HANDOVER
from tui.handover import begin, hand_over
from tui.model import Timestamp
from tui.screens.base import bindings
from tui.screens.page import PageScreen
from tui.session import Session
from tui.when import FORMS, moment
from tui.widgets.page import Lines
from tui.widgets.words import full_zulu

FOLDER = "handovers"
"""In the data folder."""
SHORTEST = MINUTE
"""Seconds of a shift."""
WIDEST = 110
"""Cells of a line: a longer one is not read well, and right-to-left text would stand far off."""
MOST = 200
"""Most characters of a path that are told; what is longer keeps its end."""


class HandoverScreen(PageScreen):
    """What happened since the shift began, as it stood when the page was opened or last made."""

    scope = HANDOVER
    shows_then = True
    BINDINGS = bindings(HANDOVER)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._until = session.moment()
        self._since = begin(session.view, self._until)
        self._made = self._make()

    def _make(self) -> Briefing:
        session = self.session
        return hand_over(session.view, session.watch, self._since, self._until, session.initials)

    def refresh_picture(self) -> None:
        """Only the header lives: what is handed over must not change while it is read."""
        self.header.take_picture()

    def write(self, lines: Lines) -> None:
        """The sections."""
        lines.width = min(lines.width, WIDEST)
        lines.blank()
        lines.text(self._made.title, lines.ink.strong)
        for words in self._made.lead:
            lines.text(words, lines.ink.text)
        for number, section in enumerate(self._made.sections):
            self._write_section(lines, section, number)

    def _write_section(self, lines: Lines, section: Section, number: int) -> None:
        ink = lines.ink
        if section.below:
            lines.add((section.title, ink.strong))
        else:
            lines.heading(section.title)
        for words in section.lead:
            lines.text(words, ink.text)
        for place, item in enumerate(section.items):
            self._write_item(lines, item, f"{number}.{place}")

    def _write_item(self, lines: Lines, item: Item, key: str) -> None:
        ink = lines.ink
        style = ink.severity[item.severity] if item.severity else ink.strong
        lines.begin_block(key)
        if item.severity is None:
            lines.row(f"  {item.head}", item.told, indent=len(item.head) + 4, label_style=style)
            lines.text(item.tail, ink.muted, indent=4)
        else:
            start = len(lines.runs)
            lines.text(item.tail, ink.muted, indent=len(item.head) + 4)
            lines.runs[start][:1] = [("  ", ink.text), (item.head, style), ("  ", ink.text)]
            lines.text(item.told, ink.text, indent=4)
        for words in item.more:
            lines.text(words, ink.muted, indent=6)
        lines.end_block()

    # Commands

    def _remake(self, since: Timestamp, until: Timestamp) -> None:
        self._since, self._until = since, until
        self._made = self._make()
        self.page.remake()
        self.say(f"Since {full_zulu(since)}.")

    def action_begin(self, hours: int) -> None:
        """The shift began so many hours later, or earlier."""
        now = self.session.moment()
        since = self._since + hours * HOUR
        if since > now - SHORTEST:
            self.say("A shift began at least a minute ago: no later time is taken.")
        else:
            self._remake(since, now)

    def action_begin_at(self) -> None:
        """Ask when the shift began."""

        def take(typed: str) -> str:
            now = self.session.moment()
            try:
                since = moment(typed, now)
            except ValueError:
                return f"Say {FORMS}:"
            if since > now - SHORTEST:
                return "At least a minute ago:"
            self._remake(since, now)
            return ""

        self.ask("The shift began at:", take)

    def action_open_incident(self) -> None:
        """Open the incident of the selected item."""
        item = self._selected()
        if item is None:
            self.say(f"Nothing is selected: press {self.key('cursor_down')} to take the first.")
        elif item.incident is None:
            self.say("This is of no incident.")
        else:
            self.open_by_id(item.incident)

    def _selected(self) -> Item | None:
        if self.page.key is None:
            return None
        section, place = map(int, self.page.key.split("."))
        sections = self._made.sections
        items = sections[section].items if section < len(sections) else ()
        return items[place] if place < len(items) else None

    def action_save(self) -> None:
        """Write it to a file of its own in the data folder."""
        if not self._may_hand_over():
            return
        self._made = self._make()  # it may be signed only now
        stamp = iso(self._until).replace(":", "")
        path = self.session.data / FOLDER / f"handover-{stamp}.md"
        try:
            path = _write_new(path, self._made.markdown())
        except OSError as error:
            self.say(f"Not written: {error.strerror} ({error.filename})")
            return
        self._log(f"file {path.name}")
        self.say(f"Written: {_end_of(str(path.absolute()))}")

    def action_copy(self) -> None:
        """Copy it to the terminal's clipboard."""
        if not self._may_hand_over():
            return
        self._made = self._make()
        text = self._made.markdown()
        self.app.copy_to_clipboard(text)
        self._log("clipboard")
        can = "if your terminal lets programs copy (OSC 52)"
        self.say(f"Copied {len(text):,} characters, {can}; {self.key('save')} writes a file.")

    def _may_hand_over(self) -> bool:
        """Whether it may be written; one of a past minute changes nothing, and is signed by nobody else."""
        return self.may_write() if self.as_of is None or self.session.wall else True

    def _log(self, where: str) -> None:
        """Write in the log that it was made; one of a past minute begins no shift."""
        session = self.session
        if self.as_of is not None:
            return
        session.desk.hand_over(self._since, where, session.who, session.now())


def _write_new(path: Path, text: str) -> Path:
    """Writes a file that was not there, readable by its owner alone; the name it got. Raises ``OSError``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in range(1, 1000):
        name = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue  # a second one within the second: another name
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return name
    raise FileExistsError(17, "a thousand handovers within one second", str(path))


def _end_of(path: str) -> str:
    return path if len(path) <= MOST else f"…{path[-MOST:]}"
