"""The app: composition only. Screens do the showing, the session holds what they show."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.screen import Screen

from tui.commands import COMMANDS, EVERYWHERE
from tui.contain import Containing
from tui.follow import Picture
from tui.keymap import RESERVED
from tui.model import Incident, Kind, State
from tui.policy import ScreenPolicy
from tui.screens.base import FrontwatchScreen
from tui.screens.board import BoardScreen
from tui.screens.type_ahead import Answered, TypeAhead
from tui.session import Session
from tui.store.connect import Damaged, StoreError
from tui.themes import NIGHT, know, textual_theme
from tui.themes.choice import ThemeChoice
from tui.widgets.rtl import Mode
from tui.widgets.words import plural, zulu

TERMINAL_ORDERS = "\x1b[8h"
"""ECMA-48 BDSM set: the terminal reorders right-to-left text itself."""
CLIPPED = "\x1b[?7l"
"""DECAWM reset: a line that a terminal holds for wider than we do is cut at the edge and scrolls nothing."""
AS_BEFORE = "\x1b[?7h" + TERMINAL_ORDERS
"""What whoever uses the terminal next expects."""
WE_ORDER = "\x1b[8l"
"""ECMA-48 BDSM reset: what we send is in the order to be shown."""

LEAVE_SECONDS = 8.0
"""Seconds that an ordered end may take: to stop the collector alone may take five."""

SHELVE_SECONDS = 7200.0
"""Seconds for which an incident is shelved."""

FILES_EVERY = 2.0
"""Seconds between looks at the config file and for the store."""

AHEAD_AFTER = 5.0
"""Seconds after the first paint until the rest of the program is read: collector and first keys go before."""


class FrontwatchApp(Containing):
    """The dashboard."""

    TITLE = "Frontwatch"
    CSS_PATH = Path(__file__).parent / "styles" / "frontwatch.tcss"
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = False
    DEFAULT_MODE = "board"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            ",".join(command.keys),
            command.action,
            command.label,
            show=False,
            # What leaves goes before all else; the others' keys belong to who is typing.
            priority=set(command.keys) <= set(RESERVED),
            id=None if set(command.keys) <= set(RESERVED) else command.name,
        )
        for command in COMMANDS
        if command.scopes == (EVERYWHERE,)
    ]

    @dataclass(repr=False, eq=False)
    class Changed(Message):
        """The store changed."""

        picture: Picture

    def __init__(self, session: Session, *, theme: str = "", contains: bool = False) -> None:
        """``contains``: a fault in a part of the screen is told, and the rest goes on."""
        plain = "NO_COLOR" in os.environ  # https://no-color.org: then bold and reversed alone
        super().__init__(session.failures, contains=contains, ansi_color=True if plain else None)
        self.session = session
        policy = session.watch.screen
        self.rtl_mode: Mode = "visual"
        if (policy.rtl or session.memory.get("rtl", "")) == "terminal":
            self.rtl_mode = "terminal"
        self.board = BoardScreen(session)
        colours = None if plain else self.console.color_system
        self._themes = ThemeChoice(policy, session.memory, asked=theme, colours=colours)
        self._put_theme_on()
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(session.keymap.for_textual())
        self.animation_level = "none"
        self._typed = TypeAhead(self, super().on_event)
        self.repeat: Callable[[], Awaitable[bool]] = partial(self.run_action, "back")
        """Does again what was asked for last."""

    def get_css_variables(self) -> dict[str, str]:
        """As Textual's: those of the theme, so none before one is on."""
        return super().get_css_variables() if hasattr(self, "_themes") else {}

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our roles, so that a stylesheet holds in every theme."""
        return textual_theme(NIGHT).variables

    def get_default_screen(self) -> Screen[Any]:
        """The board, in place of a screen of Textual's that would be laid out and drawn below it."""
        self.add_mode(self.DEFAULT_MODE, lambda: self.board)  # or the mode could never be removed
        return self.board

    def on_mount(self) -> None:
        """Paint the board from the store; only then start the collector."""
        self._order_text()
        self._leave_on_signals()
        self.set_interval(FILES_EVERY, self._look_at_files)
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        """The first paint is out: now the collector, and the sweeping that was put off for it."""
        gc.freeze()
        gc.enable()
        from tui import heaps  # here: the first paint need not wait for it

        heaps.share_heaps()
        self.set_interval(heaps.GIVE_BACK_EVERY, heaps.give_back)
        self.session.start(self._deliver)
        self.set_timer(AHEAD_AFTER, self._read_ahead)

    def _read_ahead(self) -> None:
        from tui.screens import ahead  # here: the first paint need not wait for it

        ahead.begin()

    def _deliver(self, picture: Picture) -> None:
        self.post_message(self.Changed(picture))

    def on_frontwatch_app_changed(self, message: Changed) -> None:
        """Hand a picture on to the board, and to every screen that is open above it."""
        self.session.taken(message.picture)
        if any(bell.rang for bell in message.picture.bells):
            self.bell()
        with self.telling():
            self.board.take(message.picture)
            for screen in self.screen_stack:
                if isinstance(screen, FrontwatchScreen) and screen is not self.board:
                    screen.refresh_picture()

    async def on_event(self, event: Event) -> None:
        """As Textual's; but what is typed goes on in the order in which it was typed."""
        if isinstance(event, Key | Paste) and not event.is_forwarded and not _leaves(event):
            await self._typed.take(event)
        else:
            await super().on_event(event)

    async def on_answered(self, message: Answered) -> None:
        """A key has done what it does: the next one."""
        await self._typed.take_back(message)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """A store that cannot do what is asked is told in the footer; the screen stays."""
        try:
            yield
        except StoreError as error:
            self._answer_fault(error)

    async def run_action(self, *words: Any, **more: Any) -> bool:
        """As Textual's, for every key and every command of the palette."""
        self.repeat = partial(self.run_action, *words, **more)
        try:
            return await super().run_action(*words, **more)
        except StoreError as error:
            self._answer_fault(error)
            return True

    def _answer_fault(self, error: StoreError) -> None:
        self._answer(f"Not done: {error.mend} ({error.what})")
        if isinstance(error, Damaged):
            self.session.ask_check()

    def _look_at_files(self) -> None:
        """Whether the store still lies where it was opened, and the config is as it was read."""
        if self.session.reopen():
            self._rebuild_board()
            words = "The store was removed or replaced: this is the one that lies there now."
            self.call_after_refresh(self._answer, words)
        self._look_at_config()

    def _look_at_config(self) -> None:
        before = self.session.watch
        if not self.session.reload():
            self.board.refresh_picture()
            return
        if self.session.watch.screen != before.screen:
            self._take_screen_policy(before.screen)
        if self.session.watch.fronts != before.fronts:
            self._rebuild_board()

    def _take_screen_policy(self, before: ScreenPolicy) -> None:
        """Look, and go by the keys, as the config says now."""
        policy = self.session.watch.screen
        if policy.rtl and policy.rtl != before.rtl:
            self.rtl_mode = "terminal" if policy.rtl == "terminal" else "visual"
            self._order_text()
        self._themes.take(policy)
        self.set_keymap(self.session.keymap.for_textual())
        self._put_theme_on()
        self._refresh_look()

    def _put_theme_on(self) -> None:
        palettes = self._themes.palettes
        know(palettes)
        for palette in palettes:
            self.register_theme(textual_theme(palette))
        palette = self._themes.palette
        if not self.is_running and palette.dark and not palette.native:
            # The app was made dark. Set as usual, all rules would be read and applied twice at the start.
            self.set_reactive(App.theme, palette.name)
        elif self.theme == palette.name:
            self.mutate_reactive(App.theme)  # its colours may be others now
        else:
            self.theme = palette.name

    def _rebuild_board(self) -> None:
        """The watch is another one: a board with its fronts takes the place of the one that there was."""
        old, self.board = self.board, BoardScreen(self.session)
        self.board.take_after(old)
        before, mode = self.current_mode, f"board {id(self.board)}"
        self.add_mode(mode, lambda: self.board)
        self.switch_mode(mode)
        self.remove_mode(before)

    # What people do, from whichever screen

    def acknowledge(self, incidents: Sequence[Incident]) -> str:
        """Acknowledge what is new among these; says what was done."""
        new = [each for each in incidents if each.state is State.NEW and each.kind is Kind.INCIDENT]
        if not new:
            known = incidents[0]
            if known.kind is not Kind.INCIDENT:
                return "Context is never an alarm: there is nothing to acknowledge."
            if known.state is State.CLOSED:
                return "Closed: nothing was told of it for 24 hours. There is nothing to acknowledge."
            if known.state is State.SUPPRESSED:
                return f"Suppressed by the rule {known.state_by}: it waits for nobody."
            return f"{known.state.capitalize()} already, by {known.state_by}."
        ids = [each.id for each in new]
        taken = self.session.desk.acknowledge(ids, self.session.who, self.session.now())
        if not taken:
            return "Acknowledged already, at this desk or another."
        undo = self.session.keymap.key("undo")
        return f"Acknowledged {plural(len(taken), 'incident')}. {undo} takes it back."

    def shelve(self, incidents: Sequence[Incident]) -> str:
        """Shelve what is new among these; says what was done."""
        new = [each.id for each in incidents if each.state is State.NEW and each.kind is Kind.INCIDENT]
        now = self.session.now()
        until = now + SHELVE_SECONDS
        taken = self.session.desk.shelve(new, until, self.session.who, now)
        if not taken:
            return "Nothing to shelve: only what is new can be."
        undo = self.session.keymap.key("undo")
        return f"Shelved {plural(len(taken), 'incident')} until {zulu(until)}. {undo} takes it back."

    def open_link(self, link: str) -> str:
        """Open a page, or copy its address where no browser can be seen; says which."""
        if not link:
            return "This report has no link."
        from tui.browse import browse  # here: the first paint need not wait for it

        if browse(link):
            return f"Asked the browser to open {link}"
        self.copy_to_clipboard(link)
        return f"No desktop here; copied: {link}"

    # Commands that work everywhere

    def action_theme(self) -> None:
        """The next theme."""
        self.action_use_theme(self._themes.following())

    def action_use_theme(self, name: str) -> None:
        """The theme of that name."""
        self._answer(self._themes.choose(name))
        self._put_theme_on()
        self._refresh_look()

    def action_rtl(self) -> None:
        """Change who orders right-to-left text."""
        self.rtl_mode = "terminal" if self.rtl_mode == "visual" else "visual"
        self.session.memory.set("rtl", self.rtl_mode)
        self._order_text()
        self._refresh_look()
        who = "the terminal" if self.rtl_mode == "terminal" else "Frontwatch"
        self._answer(f"Right-to-left text is ordered by {who} now.")

    def _answer(self, words: str) -> None:
        if isinstance(self.screen, FrontwatchScreen):
            self.screen.say(words)

    def action_initials(self) -> None:
        """Change who signs what is done here."""
        if isinstance(self.screen, FrontwatchScreen):
            self.screen.change_initials()

    def action_help(self) -> None:
        """The keys of this screen and the signs of all."""
        from tui.screens.help import HelpScreen  # here: the first paint need not wait for it

        screen = self.screen
        if isinstance(screen, HelpScreen):
            screen.say(f"This is the help: {self.session.keymap.key('back')} goes back.")
        elif isinstance(screen, FrontwatchScreen):
            screen.say("")
            self.push_screen(HelpScreen(self.session, screen.commands()))

    def action_open(self, name: str) -> None:
        """Open a screen above this one, or come back to it where it is open already."""
        from tui.screens.doors import open_door, screen_class  # as above

        wanted = screen_class(name)
        if isinstance(self.screen, wanted):
            self._answer(f"This is where you are: {self.session.keymap.key('back')} goes back.")
        elif any(isinstance(screen, wanted) for screen in self.screen_stack):
            while not isinstance(self.screen, wanted):
                self.pop_screen()
        elif isinstance(self.screen, FrontwatchScreen):
            self._answer("")
            self.push_screen(open_door(name, self.session))

    def action_command_palette(self) -> None:
        """The palette, if it is not open."""
        from tui.screens.finder import Finder  # as above

        if isinstance(self.screen, FrontwatchScreen):
            self.push_screen(Finder(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Fill the palette."""
        from tui.screens.finder import commands_of  # as above

        if isinstance(screen, FrontwatchScreen):
            with self.containing(self):  # Textual would show none of them and tell nobody
                yield from commands_of(screen, self.run_action, self.action_use_theme)

    def _refresh_look(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, FrontwatchScreen):
                screen.refresh_look()

    def _leave_on_signals(self) -> None:
        """A terminal that is closed, or an order to end, leaves as q does: with the terminal put right."""
        if self.is_headless or sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()

        def leave(*_: object) -> None:
            # A terminal that is gone, or takes nothing more, would make Textual wait for it for ever.
            end = threading.Timer(LEAVE_SECONDS, os._exit, (1,))
            end.daemon = True
            end.start()
            loop.call_soon_threadsafe(self.exit)

        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, leave)  # not the loop's: that would not hear it while it waits to write

    def _order_text(self) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(CLIPPED + (WE_ORDER if self.rtl_mode == "visual" else TERMINAL_ORDERS))


def _leaves(event: Key | Paste) -> bool:
    """Whether it is a key that works whatever else is on its way."""
    return isinstance(event, Key) and event.key in RESERVED
