"""Search: a query above, what it finds below, answered while it is typed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.commands import EVERYWHERE, SEARCH, Command
from tui.keymap import NAMED
from tui.screens.base import FrontwatchScreen, bindings
from tui.session import Session
from tui.store.complete import complete
from tui.store.connect import StoreError
from tui.store.filters import FILTERS, Known, example_of
from tui.store.query import Query, QueryError, marker, marks, parse
from tui.store.search import Answer, Found
from tui.store.seeker import Delivery, Seeker
from tui.widgets import rtl
from tui.widgets.header import Header
from tui.widgets.line_input import LineInput
from tui.widgets.page import Lines, Page
from tui.widgets.result_list import ResultList
from tui.widgets.search_info import Info, SearchInfo

KEPT = 50
"""Queries that a session remembers."""
PROMPT = " / "
COLUMN = 22
"""Cells of the column of filters in the help."""


class SearchScreen(FrontwatchScreen):
    """A query, a line on it, and its results; the help of the language while there is no query."""

    scope = SEARCH
    shows_then = True
    BINDINGS = bindings(SEARCH)
    AUTO_FOCUS = "LineInput"
    CSS = """
    #query { height: 1; background: $fw-held; }
    #prompt { width: auto; color: $fw-focus; text-style: bold; }
    """

    @dataclass
    class Delivered(Message):
        """Something came of asking."""

        delivery: Delivery

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.header = Header(session, way_out="back")
        self.input = LineInput(session.queries[-1] if session.queries else "", lambda: self.host.rtl_mode)
        self.line = SearchInfo("visual")
        self.results = ResultList(session.moment, lambda: self.host.rtl_mode)
        self.page = Page(self._write_help, lambda: self.host.rtl_mode)
        self.page.can_focus = False
        self._known = Known.of(session.watch.fronts, session.as_of)
        self._asked: Query | None = None
        self._opens: Query | None = None
        """The query whose best result is to be opened as soon as there is one: Enter came before it."""
        self._put_in: str | None = None
        """The text that Tab or the history made, by which an edit of a person is told from theirs."""
        self._recalled: int | None = None
        """Which query of before stands in the line; None where it is being written."""
        self._seeker = Seeker(session.store, session.watch.fronts, self._deliver, session.as_of)

    def compose(self) -> ComposeResult:
        """Header, query, the line on it, results or help, footer."""
        yield self.header
        with Horizontal(id="query"):
            yield Static(PROMPT, id="prompt", markup=False)
            yield self.input
        yield self.line
        yield self.results
        yield self.page
        yield self.footer

    def on_mount(self) -> None:
        """Learn what there is to ask for; ask again what was asked last."""
        self.line.rtl_mode = self.host.rtl_mode
        self._show_results(bool(self.input.value.strip()))
        self._seeker.start()
        if self.input.value:
            self._read()

    async def on_unmount(self) -> None:
        """No thread is left behind; what it is at may take a moment to give up."""
        await asyncio.to_thread(self._seeker.close)

    def commands(self) -> list[Command]:
        """Without those whose keys are characters: here they are typed."""
        found = super().commands()
        return [
            each._replace(keys=keys)
            for each in found
            if (
                keys := tuple(key for key in each.keys if EVERYWHERE not in each.scopes or not _is_typed(key))
            )
        ]

    def refresh_picture(self) -> None:
        """Incidents among the results are shown as they stand now; none comes or moves, nor does the past."""
        self.header.take_picture()
        if self.as_of is not None:
            return
        self.results.bring_up_to_date(self.session.picture.incidents)

    def refresh_look(self) -> None:
        """Draw anew in another theme or ordering."""
        self.line.rtl_mode = self.host.rtl_mode
        self.results.redraw()
        self.page.remake()
        super().refresh_look()

    # Asking

    def on_input_changed(self, message: Input.Changed) -> None:
        """Every key asks anew."""
        message.stop()
        if message.value != self._put_in:
            self._put_in = None
            self._recalled = None
        self._show_results(bool(message.value.strip()))
        self._read()

    def _read(self) -> None:
        """Read the query and ask it; where it is wrong, say where, and leave the results as they are."""
        text = self.input.value
        if not text.strip():
            self._asked = None
            self.input.show_parts((), None)
            self.line.show(Info())
            return
        completion = None
        if self._put_in is None and self.input.cursor_at_end:
            completion = complete(text, len(text), self._known)
        try:
            query = parse(text, self._known, self.session.moment())
        except QueryError as fault:
            self.input.show_parts((), (fault.start, fault.end))
            # A filter that has no value yet is no mistake: what it takes is offered.
            offered = completion if completion is not None and fault.end == len(text) else None
            caret = len(PROMPT) + self.input.cell_of(fault.start)
            self.line.show(
                replace(self.line.info, fault=None if offered else fault, caret=caret, completion=offered)
            )
            return
        self.input.show_parts([(each.start, each.end) for each in query.filters], None)
        self.line.show(Info(query, self.line.info.answer, completion=completion))
        if query != self._asked:
            self._asked = query
            self._seeker.ask(query)

    def _deliver(self, delivery: Delivery) -> None:
        self.post_message(self.Delivered(delivery))

    def on_search_screen_delivered(self, message: Delivered) -> None:
        """An answer is shown, unless it is to a question of before; what was learnt may change the query."""
        message.stop()
        match message.delivery:
            case Answer() as answer:
                if answer.query == self._asked:
                    self.results.show(answer)
                    self.line.show(replace(self.line.info, answer=answer, trouble=""))
                    if self._opens == answer.query and self.is_current:
                        self.action_open_result()
            case Known() as known:
                self._known = known
                if self.page.display:
                    self.page.remake()
                else:
                    self._read()
            case StoreError() as fault:
                self.line.show(Info(trouble=f"Not searched: {fault.mend} ({fault.what})"))

    def _show_results(self, wanted: bool) -> None:
        self.results.display = wanted
        self.page.display = not wanted

    # Keys

    def action_next_result(self) -> None:
        """The result below; without a query, the help further down."""
        self._move(1)

    def action_previous_result(self) -> None:
        """The result above."""
        self._move(-1)

    def action_results_down(self) -> None:
        """A page of results down."""
        self._move(self.results.page)

    def action_results_up(self) -> None:
        """A page of results up."""
        self._move(-self.results.page)

    def _move(self, rows: int) -> None:
        if self.page.display:
            before = self.page.scroll_offset.y
            self.page.scroll_to(y=before + rows, animate=False, force=True)
            if self.page.scroll_offset.y == before:
                self.say("No results yet: type what you look for.")
        elif self.results.selected is None:
            self.say("Nothing was found to move through.")
        elif not self.results.move(rows):
            self.say("This is the last result." if rows > 0 else "This is the best result.")

    def action_complete(self) -> None:
        """Put in the next way to go on from the word that is typed."""
        self._complete(1)

    def action_complete_back(self) -> None:
        """Put in the way before that one."""
        self._complete(-1)

    def _complete(self, step: int) -> None:
        at = self.line.info.chosen
        completion = self.line.info.completion
        if completion is None:
            self.say("Nothing to complete here: a filter's name, or a value behind its colon.")
            return
        chosen = (0 if step > 0 else -1) if at is None else at + step
        chosen %= len(completion.candidates)
        text = self.input.value[: completion.start] + completion.candidates[chosen].text
        self._put(text)
        info = self.line.info
        # One way only, or a filter's name: what comes next is typed, or offered.
        if len(completion.candidates) > 1 and not text.endswith(":"):
            self.line.show(replace(info, completion=completion, chosen=chosen))

    def _put(self, text: str) -> None:
        self._put_in = None if text.endswith(":") else text
        with self.input.prevent(Input.Changed):
            self.input.value = text
            self.input.cursor_position = len(text)
        self._show_results(bool(text.strip()))
        self._read()

    def action_previous_query(self) -> None:
        """The previous query of this session."""
        self._recall(-1)

    def action_next_query(self) -> None:
        """The query after it."""
        self._recall(1)

    def _recall(self, step: int) -> None:
        queries = self.session.queries
        at = len(queries) if self._recalled is None else self._recalled
        if self._recalled is None and queries[-1:] == [self.input.value.strip()]:
            at -= 1
        at += step
        if not 0 <= at <= len(queries):
            self.say("There is no query further " + ("back." if step < 0 else "on."))
            return
        self._put(queries[at] if at < len(queries) else "")
        self._recalled = at

    def action_open_result(self) -> None:
        """Open the selected result: the incident, or the report."""
        self._opens = None
        answer = self.line.info.answer
        if self._asked is not None and (answer is None or answer.query != self._asked):
            self._opens = self._asked
            return
        found = self.results.selected if self.results.display else None
        if found is None:
            self.say("Nothing is selected: type what you look for.")
        else:
            self._open(found)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter belongs to the line that is typed in; it opens the result."""
        message.stop()
        self.action_open_result()

    def on_result_list_opened(self, message: ResultList.Opened) -> None:
        """A double click opens."""
        self._open(message.found)

    def _open(self, found: Found) -> None:
        from tui.screens.report import ReportScreen  # here: few open a search to leave it at once

        self._keep()
        if found.incident is not None:
            self.open_by_id(found.incident.id)
        elif found.report is not None:
            pattern = marker(self._asked) if self._asked else None
            self.host.push_screen(
                ReportScreen(self.session, found.report, marks(pattern, found.report.title))
            )

    def action_link_of_result(self) -> None:
        """Open the page of the report that was found, or copy its address."""
        found = self.results.selected if self.results.display else None
        if found is None:
            self.say("Nothing is selected: type what you look for.")
            return
        if found.incident is not None:
            self.open_link_of(self.session.view.reports(found.incident.id))
        elif found.report is not None:
            self.open_link_of((found.report,))

    def action_clear(self) -> None:
        """Clear the query; where there is none, leave."""
        self._keep()
        if self.input.value:
            self._put("")
        else:
            self.host.pop_screen()

    def _keep(self) -> None:
        """Remember the query for this session, the last one last."""
        text = self.input.value.strip()
        if text:
            others = [each for each in self.session.queries if each != text]
            self.session.queries = [*others, text][-KEPT:]
        self._recalled = None

    # Help

    def _write_help(self, lines: Lines) -> None:
        """The language, with examples that find something on this watch."""
        ink, known = lines.ink, self._known
        lines.heading("search everything that was ever stored")
        examples = _examples(known)
        column = max(rtl.cells(example) for example, _ in examples) + 2
        for example, words in examples:
            lines.row(example, words, indent=column, label_style=ink.focus)
        lines.heading("filters: a minus before one turns it round, a comma is or")
        for name, kind in FILTERS.items():
            example = rtl.cut(example_of(name, known), COLUMN - 2)
            lines.row(example, kind.help, indent=COLUMN, label_style=ink.focus)


def _examples(known: Known) -> list[tuple[str, str]]:
    front = min(known.fronts, key=len, default="")
    place = next((name for name in known.places if name.isalpha() and name.isascii()), "")
    publisher = next(iter(known.publishers), "")
    examples = [
        ("drone base", "Both words; the last unfinished."),
        ('"air defence" -exercise', "A phrase; without that word."),
        (f"front:{front} severity:high+ since:24h", "By facts, newest first."),
    ]
    if place:
        examples.append((place, "In every spelling and script."))
        examples.append((f'"{place}"', "Only as it is typed."))
    if publisher:
        examples.append((f"publisher:{publisher} killed:>0", "Who told it, and of dead."))
    return examples


def _is_typed(key: str) -> bool:
    """Whether a key puts a character into the line."""
    return "+" not in key and (key not in NAMED or key == "space")
