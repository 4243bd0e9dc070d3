"""Help: the keys of the screen that asked, and what each sign means."""

from __future__ import annotations

from tui.commands import Command
from tui.keymap import key_name
from tui.screens.page import PageScreen
from tui.session import Session
from tui.widgets.page import Lines

KEYS = 14
"""Cells of the column of keys."""

SIGN_WORDS = (
    ("▲ C", "critical: ten or more killed, or dead in a great power's base, warship or embassy"),
    ("◆ H", "high: anyone killed, a ship hit or seized, or a base, embassy, airport, port or city hit"),
    ("● M", "medium: an attack or exchange of fire, an interception, wounded, damage; no dead told"),
    ("· L", "low: an alarm, an attempt that failed, an arrest"),
    ("– –", "context: a statement, talks, markets, aid, an analysis; never an alarm"),
    ("┃", "new: nobody has acknowledged it, and it was told of within 24 hours; the whole row is bold"),
    ("7 new: 2 high", "how much is new: above on all fronts, each once; in a pane on that front"),
    ("×4", "told by four publishers"),
    (
        "B2",
        "Admiralty grade: best source A (reliable) to F; credibility 1 (confirmed) to 6 (cannot be judged)",
    ),
    ("✝2", "two killed, the highest number told"),
    ("▁▃█", "incidents by hour over the last 24 hours, the newest right, scaled to the busiest hour"),
    ("16/16 1m", "feeds that are fresh of all that serve this front, and the age of its newest word"),
    ("BLIND", "under half of the feeds are fresh: quiet here means nothing"),
    (
        "▲ elevated",
        "more incidents than usual here, or a critical one within a day; behind it why",
    ),
    (
        "▲▲ surge",
        "far more than usual; ▲▲▲ severe: a tripwire is met, or a critical one is in a surge",
    ),
    ("◆ 2 fronts", "one side attacks on so many fronts at once"),
    ("FLOOD", "ten alarms or more came in ten minutes: they no longer ring one by one"),
    ("♥ 2s", "the collector's last sign of life; red when it is older than 30 seconds"),
    ("◆12 Tyre +3", "on the map: twelve incidents, at Tyre and three places beside it; the worst is high"),
    ("~Yemen", "on the map: somewhere in it; no report says where exactly"),
    ("- - -", "on the map: a border that is not settled, or a line of ceasefire; dotted: any other border"),
    ("2 shelved", "put aside until a time, and folded away until asked for"),
    ("7 suppressed", "drawn plainly by a rule of the watch; they wait for nobody"),
    (
        "◀ PAST",
        "the board as it stood at that minute, in dashed borders; the second line says what is new now",
    ),
    ("3 new above", "new incidents above the view; to let go of the line shows them"),
)
"""What each sign on the screen means."""


class HelpScreen(PageScreen):
    """The keys of one screen and the signs of all."""

    def __init__(self, session: Session, commands: list[Command]) -> None:
        self._commands = commands
        super().__init__(session)

    def refresh_picture(self) -> None:
        """Only the header lives here."""
        self.header.take_picture()

    def write(self, lines: Lines) -> None:
        """Keys, then signs."""
        lines.heading("keys of the screen you came from")
        for command in self._commands:
            keys = " ".join(key_name(key) for key in command.keys)
            lines.row(keys, command.help, indent=KEYS, label_style=lines.ink.focus)
        lines.heading("signs")
        for sign, words in SIGN_WORDS:
            lines.row(sign, words, indent=KEYS, label_style=lines.ink.focus)
