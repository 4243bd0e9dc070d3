"""What a person can do, in one table: keys, footer, palette and help are all made from it."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = "everywhere"
BOARD = "board"
INCIDENT = "incident"
PAGE = "page"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can do on a screen."""

    action: str
    """The screen's ``action_`` method, or the app's where it works everywhere: ``undo``."""
    keys: tuple[str, ...]
    """Keys that do it, as Textual names them; the first is the one shown."""
    label: str
    """One or two words for the footer and the palette."""
    help: str
    """A sentence for the help screen."""
    scopes: tuple[str, ...]
    """Screens on which it works."""
    footer: bool = False
    """Whether the footer shows it."""


COMMANDS: tuple[Command, ...] = (
    Command(
        "cursor_down",
        ("down", "j"),
        "next",
        "Select the next line. The first press takes hold of the topmost.",
        (BOARD, INCIDENT, PAGE),
    ),
    Command("cursor_up", ("up", "k"), "previous", "Select the line above.", (BOARD, INCIDENT, PAGE)),
    Command("page_down", ("pagedown", "space"), "page down", "A page down.", (BOARD, INCIDENT, PAGE)),
    Command("page_up", ("pageup",), "page up", "A page up.", (BOARD, INCIDENT, PAGE)),
    Command(
        "cursor_end",
        ("end", "G"),
        "last",
        "To the last line; on the board the last one read, and older ones are read then.",
        (BOARD, INCIDENT, PAGE),
    ),
    Command("cursor_home", ("home", "g"), "newest", "To the first line.", (BOARD, INCIDENT, PAGE)),
    Command(
        "let_go",
        ("escape",),
        "let go",
        "Let go of the selected line: the pane shows the newest again as it comes.",
        (BOARD,),
    ),
    Command("next_pane", ("tab", "right", "l"), "front", "To the next front.", (BOARD,), footer=True),
    Command("previous_pane", ("shift+tab", "left", "h"), "front before", "To the front before.", (BOARD,)),
    Command(
        "next_alarm",
        ("n",),
        "alarm",
        "Select the worst incident that nobody has acknowledged, on whatever front.",
        (BOARD,),
        footer=True,
    ),
    Command(
        "open_incident",
        ("enter",),
        "open",
        "Open the selected incident: every report of it, with the words that matched.",
        (BOARD,),
        footer=True,
    ),
    Command(
        "acknowledge",
        ("a",),
        "acknowledge",
        "Acknowledge the incident: someone has seen it. Every screen on this store shows it.",
        (BOARD, INCIDENT),
        footer=True,
    ),
    Command(
        "acknowledge_front",
        ("A",),
        "acknowledge all",
        "Acknowledge every new incident of this front at once.",
        (BOARD,),
    ),
    Command(
        "shelve",
        ("s",),
        "shelve",
        "Shelve the incident for two hours: it does not ring, and is new again after that.",
        (BOARD, INCIDENT),
    ),
    Command(
        "undo",
        ("u",),
        "undo",
        "Take back your last acknowledgement or shelving.",
        (BOARD, INCIDENT),
        footer=True,
    ),
    Command(
        "open_link",
        ("o",),
        "link",
        "Open the report's page in a browser; over SSH or without a desktop, copy its address instead.",
        (BOARD, INCIDENT),
        footer=True,
    ),
    Command(
        "context",
        ("c",),
        "context",
        "Show or hide context: statements, talks, markets, aid, analyses.",
        (BOARD,),
        footer=True,
    ),
    Command("taller", ("plus", "equals_sign"), "taller rows", "More lines for each incident.", (BOARD,)),
    Command("shorter", ("minus",), "shorter rows", "Fewer lines for each incident.", (BOARD,)),
    Command(
        "poll",
        ("r",),
        "poll now",
        "Ask the collector to poll every feed now.",
        (BOARD,),
        footer=True,
    ),
    Command(
        "open('feeds')",
        ("F",),
        "feeds",
        "The state of every feed and what is wrong with it.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command(
        "wall",
        ("w",),
        "wall",
        "Wall mode: three lines an incident, no cursor, no footer, and no key that changes anything.",
        (BOARD,),
    ),
    Command("theme", ("d",), "theme", "Change between the night and the day theme.", (EVERYWHERE,)),
    Command(
        "rtl",
        ("b",),
        "right-to-left",
        "Let Frontwatch or your terminal order Arabic, Hebrew and Persian: press it if they read backwards.",
        (EVERYWHERE,),
    ),
    Command("help", ("question_mark",), "help", "What the keys and signs mean.", (EVERYWHERE,), footer=True),
    Command("command_palette", ("ctrl+p",), "palette", "Every command, found by name.", (EVERYWHERE,)),
    Command("back", ("escape", "q"), "back", "Back to the board.", (INCIDENT, PAGE), footer=True),
    Command(
        "quit", ("q",), "quit", "Leave. Nothing is lost: everything is in the store.", (BOARD,), footer=True
    ),
    Command("quit", ("ctrl+q", "ctrl+c"), "quit", "Leave from any screen.", (EVERYWHERE,)),
)
"""Every command. The order is that of the help screen."""

KEY_NAMES = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "question_mark": "?",
    "ctrl+p": "Ctrl+P",
    "ctrl+q": "Ctrl+Q",
    "ctrl+c": "Ctrl+C",
}
"""How a key is written for a person, where it is not its own name."""


def key_name(key: str) -> str:
    """The key as a person knows it."""
    return KEY_NAMES.get(key, key)


def commands_of(scope: str) -> list[Command]:
    """The commands that work on a screen: its own first, then those that work everywhere."""
    own = [command for command in COMMANDS if scope in command.scopes]
    return own + [command for command in COMMANDS if EVERYWHERE in command.scopes]
