"""Writes the table of keys into the README from the table of commands.

uv run python docs/make_keys.py
"""

from pathlib import Path

from tui.commands import BOARD, COMMANDS, EVERYWHERE, INCIDENT, key_name

START, END = "<!-- keys: made by docs/make_keys.py -->", "<!-- /keys -->"
README = Path(__file__).parent.parent / "README.md"


def table() -> str:
    """The keys as a table in Markdown."""
    places = {BOARD: "board", INCIDENT: "incident", EVERYWHERE: "everywhere"}
    lines = ["| key | does | where |", "|---|---|---|"]
    for command in COMMANDS:
        keys = " ".join(f"`{key_name(key)}`" for key in command.keys)
        where = ", ".join(places.get(scope, "pages") for scope in command.scopes)
        lines.append(f"| {keys} | {command.help} | {where} |")
    return "\n".join(lines)


def written(text: str) -> str:
    """The README's text with the table as it should be."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
