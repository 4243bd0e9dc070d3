"""What every screen shares: bindings out of the table of commands, a footer, and saying why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from textual.binding import Binding, BindingType
from textual.events import ScreenResume
from textual.screen import Screen

from tui.commands import COMMANDS, Command
from tui.model import Incident, Report, Timestamp
from tui.session import Session
from tui.widgets.footer import Footer
from tui.widgets.guard import Guarded
from tui.widgets.rtl import Mode
from tui.widgets.words import zulu

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.widgets.prompt import Prompt


class Host(Protocol):
    """What a screen needs of the app that shows it."""

    rtl_mode: Mode
    repeat: Callable[[], Awaitable[bool]]
    """Does again what was asked for last, by whichever key or command."""

    def acknowledge(self, incidents: Sequence[Incident]) -> str:
        """Acknowledge what is new among these; says what was done."""

    def shelve(self, incidents: Sequence[Incident]) -> str:
        """Shelve what is new among these; says what was done."""

    def open_link(self, link: str) -> str:
        """Open a page or copy its address; says which."""

    def telling(self) -> AbstractContextManager[None]:
        """A store that cannot do what is asked is told in the footer."""

    def containing(self, where: Widget) -> AbstractContextManager[None]:
        """A fault in what is done here is told as one of ``where``, and all else goes on."""

    def push_screen(self, screen: Screen[Any]) -> object:
        """Show a screen above this one."""

    def pop_screen(self) -> object:
        """Back to the screen below."""

    def exit(self) -> None:
        """Leave."""


def bindings(scope: str) -> list[BindingType]:
    """Textual's bindings for the commands of a screen; by their ids a watch's own keys take their place."""
    return [
        Binding(",".join(command.keys), command.action, command.label, show=command.footer, id=command.name)
        for command in COMMANDS
        if scope in command.scopes
    ]


class FrontwatchScreen(Guarded, Screen[None]):
    """A screen of ours. ``scope`` names its commands in the table."""

    BLANK = True  # widgets cover it: what shows of it is its ground, one line for all
    scope = ""
    shows_then: ClassVar = False
    """Whether it shows the past minute that the board shows."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.footer = Footer(self.hints)
        self._resumed = False
        self._prompt: Prompt | None = None
        self._focused_before: Widget | None = None

    @property
    def as_of(self) -> Timestamp | None:
        """The past minute that this screen shows; None where it shows now."""
        return self.session.as_of if self.shows_then else None

    @property
    def at_hand(self) -> Incident | None:
        """The incident selected here, or that this screen is of: a map opened from here selects it."""
        return None

    @property
    def host(self) -> Host:
        """The app, as a screen knows it."""
        return cast(Host, self.app)

    def say(self, words: str) -> None:
        """Answer a key in the footer until the next key; a wall has a footer for that only."""
        self.footer.display = self._prompt is None and (bool(words) or not self.session.wall)
        self.footer.say(words)

    def on_screen_resume(self, event: ScreenResume) -> None:
        """What comes up for the first time was styled as it was mounted: Textual would do it again."""
        event.refresh_styles = event.refresh_styles and self._resumed
        self._resumed = True

    def on_key(self) -> None:
        """A key takes the sentence away that the one before it left."""
        self.say("")

    def commands(self) -> list[Command]:
        """What can be done here, for palette and help."""
        return self.session.keymap.commands_of(self.scope)

    def hints(self) -> list[Command]:
        """The commands that the footer shows, as many as have room."""
        here = f"open('{self.scope}')"  # the key that opened this screen does nothing more here
        return [command for command in self.commands() if command.footer and command.action != here]

    def key(self, name: str) -> str:
        """The key of a command, for a sentence: the watch may have its own."""
        return self.session.keymap.key(name)

    def may_write(self) -> bool:
        """Whether this screen may change what is stored; says why not.

        Where nobody has said yet who sits here, it asks first, and then does again what was asked for.
        """
        if self.session.wall:
            self.say(f"This is the wall: nothing is changed from here. {self.key('wall')} leaves wall mode.")
            return False
        if self.as_of is not None:
            then = zulu(self.as_of, self.session.now())
            self.say(f"This is how it stood at {then}: the past is not changed.")
            return False
        if not self.session.initials:
            repeat = self.host.repeat
            self.ask_initials(lambda: self.call_later(repeat))
            return False
        return True

    def change_initials(self) -> None:
        """Ask anew who sits here."""
        if self.session.wall:
            self.may_write()
        else:
            self.ask_initials(lambda: self.say(f"Signed {self.session.initials} from now on."))

    def ask_initials(self, then: Callable[[], object]) -> None:
        """Ask who sits here, keep it, and go on with ``then``."""
        from tui.initials import MOST, guess, initials_of  # here: the first paint need not wait for it

        def take(typed: str) -> str:
            initials = initials_of(typed)
            if not initials:
                return "Two to four letters:"
            self.session.memory.set("initials", initials)
            then()
            return ""

        session = self.session
        offered = session.initials or guess(session.login)
        self.ask("Your initials (asked once):", take, value=offered, limit=MOST)

    def ask(self, label: str, take: Callable[[str], str], *, value: str = "", limit: int = 300) -> None:
        """A line to type in, in the footer's place; what ``take`` answers is wrong keeps it there."""
        from tui.widgets.prompt import Prompt  # as above

        if self._prompt is not None:
            self._prompt.remove()
        else:
            self._focused_before = self.focused
        self._prompt = Prompt(label, take, lambda: self.host.rtl_mode, value=value, limit=limit)
        self.say("")
        self.mount(self._prompt)

    @property
    def takes_keys(self) -> bool:
        """Whether what is typed goes where it belongs: a line that is asked for comes up first."""
        return self._prompt is None or self._prompt.ready

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No command until a line that was asked for has come up: what is typed for it does nothing else."""
        return self._prompt is None or self._prompt.is_up

    def on_prompt_left(self, message: Prompt.Left) -> None:
        """The footer is back, and keys go where they went before; unless another line is asked for by now."""
        message.stop()
        if message.prompt is not self._prompt:
            return
        self._prompt = None
        message.prompt.remove()
        self.footer.display = not self.session.wall or self.footer.speaks
        if self._focused_before is not None and self._focused_before.is_attached:
            self.set_focus(self._focused_before)

    def write_note(self, incident: Incident | None) -> None:
        """Ask for a note on an incident, or (None) on the watch as a whole, and keep it."""
        if not self.may_write():
            return
        from tui.store.connect import StoreError  # as above

        session = self.session

        def take(text: str) -> str:
            if not text:
                return "Words, or Esc:"
            try:
                session.desk.note(None if incident is None else incident.id, text, session.who, session.now())
            except StoreError as error:
                return f"Not noted, {error.mend}:"  # what was typed stays
            self.say(f"Noted. {self.key('undo')} takes it back.")
            return ""

        self.ask("Note on the watch:" if incident is None else "Note on this incident:", take)

    def open_by_id(self, incident: int) -> None:
        """Open the page of an incident as this screen shows it; says where that is not stored."""
        from tui.screens.incident import IncidentScreen  # as above

        past = self.session.past if self.shows_then else None
        found = (past or self.session.reader).incident(incident)
        if found is None:
            self.say(
                "That incident is no longer stored." if past is None else "Nothing was known of it then."
            )
        else:
            self.host.push_screen(IncidentScreen(self.session, found, past=past))

    def open_link_of(self, reports: Iterable[Report]) -> None:
        """Open the page of the first report that has one; says what was done."""
        self.say(self.host.open_link(next((report.link for report in reports if report.link), "")))

    def take_back(self) -> None:
        """Undo the last thing this person did."""
        if not self.may_write():
            return
        action = self.session.desk.undo(self.session.who, self.session.now())
        if action is None:
            self.say("Nothing to undo: you have changed nothing that is not undone already.")
        else:
            from tui.store.sentences import undone  # here: the first paint need not wait for it

            self.say(undone(action))

    def refresh_picture(self) -> None:
        """Show the session's picture as it is now. Screens that show live figures override it."""

    def refresh_look(self) -> None:
        """Draw anew: the theme or the ordering of right-to-left text has changed."""
        for widget in self.walk_children():
            widget.refresh()
