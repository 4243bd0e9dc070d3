"""Writes the table of keys into the README from the table of commands.

uv run python docs/make_keys.py
"""

from pathlib import Path

from tui.commands import ABOVE, CHOICE, COMMANDS, LINES, PAGE
from tui.keymap import key_name

START, END = "<!-- keys: made by docs/make_keys.py -->", "<!-- /keys -->"
NAMES = {PAGE: "feeds, help", CHOICE: "lists to choose from"}
"""Screens that are not called what they are in the table."""
README = Path(__file__).parent.parent / "README.md"


def where(scopes: tuple[str, ...]) -> str:
    """The screens on which a command works, in words."""
    if set(scopes) >= set(LINES):
        return "every list and page"
    if set(scopes) >= set(ABOVE):
        return "above the board"
    return ", ".join(NAMES.get(scope, scope) for scope in scopes)


def table() -> str:
    """The keys as a table in Markdown."""
    lines = ["| key | does | where |", "|---|---|---|"]
    for command in COMMANDS:
        keys = " ".join(f"`{key_name(key)}`" for key in command.keys)
        lines.append(f"| {keys} | {command.help} | {where(command.scopes)} |")
    return "\n".join(lines)


def written(text: str) -> str:
    """The README's text with the table as it should be."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
