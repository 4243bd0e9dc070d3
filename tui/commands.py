"""What a person can do, in one table: keys, footer, palette and help are all made from it."""

from __future__ import annotations

from typing import NamedTuple

EVERYWHERE = "everywhere"
BOARD = "board"
INCIDENT = "incident"
PAGE = "page"
FEEDS = "feeds"
FEED = "feed"
TEMPO = "tempo"
LOG = "log"
HANDOVER = "handover"
SEARCH = "search"
REPORT = "report"
MAP = "map"
CHOICE = "choice"

LINES = (BOARD, INCIDENT, PAGE, FEEDS, FEED, TEMPO, LOG, HANDOVER, MAP, CHOICE, REPORT)
"""Screens with lines to move through."""
ABOVE = tuple(scope for scope in LINES if scope != BOARD)
"""Screens that open above the board."""


class Command(NamedTuple):
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

    @property
    def name(self) -> str:
        """What ``[keys]`` in feeds.toml calls it: the action, or the screen that it opens; ``bars_day``."""
        verb, _, argument = self.action.removesuffix(")").partition("(")
        argument = argument.strip("'").replace("-", "minus_")
        return argument if verb == "open" else f"{verb}_{argument}" if argument else verb

    @property
    def call(self) -> str:
        """The action and whose it is, as Textual runs it: ``app.open('feeds')``."""
        return f"{'app' if self.scopes == (EVERYWHERE,) else 'screen'}.{self.action}"


COMMANDS: tuple[Command, ...] = (
    Command("cursor_down", ("down", "j"), "next", "Select the next line; at first the topmost.", LINES),
    Command("cursor_up", ("up", "k"), "previous", "Select the line above.", LINES),
    Command("page_down", ("pagedown", "space"), "page down", "A page down.", LINES),
    Command("page_up", ("pageup",), "page up", "A page up.", LINES),
    Command(
        "cursor_end",
        ("end", "G"),
        "last",
        "To the last line; on the board the last one read, and older ones are read then.",
        LINES,
    ),
    Command("cursor_home", ("home", "g"), "newest", "To the first line.", LINES),
    Command(
        "let_go",
        ("escape",),
        "let go",
        "Let go of the selected line: the pane shows the newest again as it comes.",
        (BOARD,),
    ),
    Command("next_front", ("tab", "right", "l"), "front", "To the next front.", (BOARD,), footer=True),
    Command(
        "previous_front", ("shift+tab", "left", "h"), "previous front", "To the previous front.", (BOARD,)
    ),
    Command(
        "next_new",
        ("n",),
        "next new",
        "Select the worst incident that is new, on whatever front; again: the next worst.",
        (BOARD, MAP),
        footer=True,
    ),
    Command(
        "open_incident",
        ("enter",),
        "open",
        "Open the selected incident: every report of it, with the words that matched.",
        (BOARD, INCIDENT, LOG, HANDOVER, MAP),
        footer=True,
    ),
    Command(
        "acknowledge",
        ("a",),
        "acknowledge",
        "Acknowledge the incident: it is new no more. Every screen on this store shows it.",
        (BOARD, INCIDENT, MAP),
        footer=True,
    ),
    Command(
        "acknowledge_front", ("A",), "acknowledge all", "Acknowledge all that is new on this front.", (BOARD,)
    ),
    Command(
        "shelve",
        ("s",),
        "shelve",
        "Shelve the incident for two hours: it does not ring, and is new again after that.",
        (BOARD, INCIDENT, MAP),
    ),
    Command(
        "undo",
        ("u",),
        "undo",
        "Take back the last thing that you did.",
        (BOARD, INCIDENT, FEEDS, FEED, LOG, MAP),
        footer=True,
    ),
    Command(
        "open_link",
        ("o",),
        "link",
        "Open the report's page in a browser; over SSH or without a desktop, copy its address instead.",
        (BOARD, INCIDENT, MAP, REPORT),
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
    Command("poll", ("r",), "poll now", "Ask the collector to poll every feed now.", (BOARD,), footer=True),
    Command(
        "open('search')",
        ("slash",),
        "search",
        "Search everything that was ever stored, by words, names in any script, and filters.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command("next_result", ("down",), "next", "Select the result below; you can go on typing.", (SEARCH,)),
    Command("previous_result", ("up",), "previous", "Select the result above.", (SEARCH,)),
    Command("results_down", ("pagedown",), "page down", "A page of results down.", (SEARCH,)),
    Command("results_up", ("pageup",), "page up", "A page of results up.", (SEARCH,)),
    Command(
        "open_result",
        ("enter",),
        "open",
        "Open the selected result: the incident, or the report that is of none.",
        (SEARCH,),
        footer=True,
    ),
    Command(
        "complete",
        ("tab",),
        "complete",
        "Complete a filter's name or value; again: the next that fits.",
        (SEARCH,),
        footer=True,
    ),
    Command("complete_back", ("shift+tab",), "complete back", "The completion before.", (SEARCH,)),
    Command(
        "link_of_result",
        ("ctrl+o",),
        "link",
        "Open the page of the report that was found; without a desktop, copy its address.",
        (SEARCH,),
        footer=True,
    ),
    Command("previous_query", ("ctrl+up",), "previous query", "What you searched for before.", (SEARCH,)),
    Command("next_query", ("ctrl+down",), "next query", "What you searched for after that.", (SEARCH,)),
    Command("clear", ("escape",), "clear", "Clear the query; without one, go back.", (SEARCH,), footer=True),
    Command(
        "open('feeds')",
        ("F",),
        "feeds",
        "The state of every feed and what is wrong with it.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command(
        "open_feed",
        ("enter",),
        "details",
        "All about the selected feed, and one fetch of it step by step.",
        (FEEDS,),
        footer=True,
    ),
    Command("sort_feeds", ("s",), "sort", "Sort by the next column.", (FEEDS,), footer=True),
    Command(
        "filter_feeds",
        ("f",),
        "filter",
        "Only the feeds that are not fresh, then those in each state, then all.",
        (FEEDS,),
        footer=True,
    ),
    Command(
        "try_feed",
        ("y",),
        "try",
        "Fetch the feed once and show every step; nothing of it is stored.",
        (FEED,),
        footer=True,
    ),
    Command(
        "poll_feed",
        ("r",),
        "poll now",
        "Ask the collector to poll this feed now.",
        (FEEDS, FEED),
        footer=True,
    ),
    Command("pause", ("p",), "pause", "Pause the feed, or have it polled again.", (FEEDS, FEED), footer=True),
    Command(
        "wall",
        ("w",),
        "wall",
        "Wall mode: three lines an incident, no cursor, no footer, and no key that changes anything.",
        (BOARD,),
    ),
    Command(
        "overview",
        ("v",),
        "overview",
        "All fronts as tiles, each with the worst that is open; Enter goes to one. Again: the panes.",
        (BOARD,),
    ),
    Command("shelved", ("S",), "shelved", "Show or hide what is shelved on this front.", (BOARD,)),
    Command(
        "earlier('minutes')",
        ("left_square_bracket",),
        "10 min back",
        "The board as it stood ten minutes before; again, ten more.",
        (BOARD,),
    ),
    Command(
        "later('minutes')", ("right_square_bracket",), "10 min on", "Ten minutes later, up to now.", (BOARD,)
    ),
    Command("earlier('hours')", ("left_curly_bracket",), "hour back", "An hour before.", (BOARD,)),
    Command("later('hours')", ("right_curly_bracket",), "hour on", "An hour later, up to now.", (BOARD,)),
    Command("earlier('days')", ("left_parenthesis",), "day back", "A day before.", (BOARD,)),
    Command("later('days')", ("right_parenthesis",), "day on", "A day later, up to now.", (BOARD,)),
    Command(
        "travel", ("T",), "go to time", "The board as it stood at 06:00, 8h ago, 2023-12-03 06:00.", (BOARD,)
    ),
    Command("return_to_now", ("backspace",), "now", "From the past back to now.", (BOARD,)),
    Command(
        "open('tempo')",
        ("t",),
        "tempo",
        "Incidents by hour, day and week beside the usual, and attacks counted since a date.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command("bars('hour')", ("1",), "by hour", "A bar for each hour.", (TEMPO,)),
    Command("bars('day')", ("2",), "by day", "A bar for each day.", (TEMPO,)),
    Command("bars('week')", ("3",), "by week", "A bar for each week.", (TEMPO,)),
    Command("previous_bar", ("left", "h"), "previous bar", "The figures of the bar to the left.", (TEMPO,)),
    Command("next_bar", ("right", "l"), "next bar", "The figures of the bar to the right.", (TEMPO,)),
    Command("next_front", ("tab",), "front", "All fronts, then each alone.", (TEMPO, LOG, MAP), footer=True),
    Command("previous_front", ("shift+tab",), "previous front", "The same, backwards.", (TEMPO, LOG, MAP)),
    Command(
        "open('map')",
        ("m",),
        "map",
        "Where it happened: coast, borders, and the incidents of the last hours or days.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command("zoom('in')", ("plus", "equals_sign"), "closer", "The map comes closer.", (MAP,), footer=True),
    Command("zoom('out')", ("minus",), "further off", "The map goes further off.", (MAP,), footer=True),
    Command(
        "pan('west')", ("left", "h", "shift+left"), "west", "Move the view; or drag it.", (MAP,), footer=True
    ),
    Command("pan('east')", ("right", "l", "shift+right"), "east", "Move the view to the east.", (MAP,)),
    Command("pan('north')", ("K", "shift+up"), "north", "Move the view to the north.", (MAP,)),
    Command("pan('south')", ("J", "shift+down"), "south", "Move the view to the south.", (MAP,)),
    Command("fit", ("0",), "fit", "Fit the map to all that it shows.", (MAP,), footer=True),
    Command("span('longer')", ("greater_than_sign",), "longer", "Go further back.", (MAP,), footer=True),
    Command("span('shorter')", ("less_than_sign",), "shorter", "Only the newer ones.", (MAP,)),
    Command("glyphs", ("v",), "drawing", "Coasts and borders in braille, blocks or ASCII.", (MAP,)),
    Command("type", ("x",), "type", "Only one type of act, then the next, then all.", (TEMPO,), footer=True),
    Command("by", ("y",), "by", "Only what one side did, then the next, then all.", (TEMPO,), footer=True),
    Command(
        "against",
        ("v",),
        "against",
        "In the tally only what one side suffered, then the next, then all.",
        (TEMPO,),
        footer=True,
    ),
    Command("since", ("s",), "since", "From when the tally counts.", (TEMPO,), footer=True),
    Command(
        "open('log')",
        ("L",),
        "log",
        "What happened on this watch: alarms, who did what, notes, outages, changes of posture.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command("only('people')", ("p",), "people", "Only what people did; again: all.", (LOG,), footer=True),
    Command("only('alarms')", ("a",), "alarms", "Only alarms; again: all.", (LOG,), footer=True),
    Command("only('outages')", ("o",), "outages", "Only outages; again: all.", (LOG,), footer=True),
    Command(
        "note",
        ("N",),
        "note",
        "Write a note on the incident; on the log, one on the watch as a whole.",
        (BOARD, INCIDENT, LOG),
        footer=True,
    ),
    Command(
        "open('handover')",
        ("H",),
        "handover",
        "What the next shift must know: by front what is open, closed and changed, with notes.",
        (EVERYWHERE,),
        footer=True,
    ),
    Command("save", ("w",), "to file", "Write it to a file, as Markdown.", (HANDOVER,), footer=True),
    Command("copy", ("y",), "copy", "Copy it, as Markdown, to your clipboard.", (HANDOVER,), footer=True),
    Command("begin_at", ("s",), "since", "Say when the shift began.", (HANDOVER,), footer=True),
    Command(
        "begin(-1)", ("left_square_bracket",), "earlier", "The shift began an hour earlier.", (HANDOVER,)
    ),
    Command("begin(1)", ("right_square_bracket",), "later", "The shift began an hour later.", (HANDOVER,)),
    Command(
        "initials", ("I",), "initials", "Change the initials that what you do is signed with.", (EVERYWHERE,)
    ),
    Command(
        "correct",
        ("e",),
        "correct",
        "Put right what is wrong of the incident: front, kind, severity, place and the rest; or merge it.",
        (BOARD, INCIDENT),
        footer=True,
    ),
    Command(
        "not_an_incident",
        ("x",),
        "no incident",
        "Say that it is not an incident: it becomes context, and so does what is told of it later.",
        (BOARD, INCIDENT),
    ),
    Command(
        "merge", ("M",), "merge", "Merge with another incident that is the same event.", (BOARD, INCIDENT)
    ),
    Command("split", ("X",), "split off", "Make the selected report an incident of its own.", (INCIDENT,)),
    Command("choose", ("enter",), "choose", "Take the selected line.", (CHOICE,), footer=True),
    Command(
        "theme",
        ("d",),
        "theme",
        "The next theme: night, day, high-contrast, colour-blind, terminal, then your own.",
        (EVERYWHERE,),
    ),
    Command(
        "rtl",
        ("b",),
        "right-to-left",
        "Let Frontwatch or your terminal order Arabic, Hebrew and Persian: press it if they read backwards.",
        (EVERYWHERE,),
    ),
    Command(
        "help", ("question_mark", "f1"), "help", "What the keys and signs mean.", (EVERYWHERE,), footer=True
    ),
    Command("command_palette", ("ctrl+p",), "palette", "Every command, found by name.", (EVERYWHERE,)),
    Command("back", ("escape", "q"), "back", "Back to the screen below.", ABOVE, footer=True),
    Command(
        "quit", ("q",), "quit", "Leave. Nothing is lost: everything is in the store.", (BOARD,), footer=True
    ),
    Command("quit", ("ctrl+q", "ctrl+c"), "quit", "Leave from any screen.", (EVERYWHERE,)),
)
"""Every command. The order is that of the help screen."""
