"""What a report of a fault needs, gathered: versions, places, config, store, feeds, faults; no secrets.

Every section is looked at on its own: what cannot be looked at is told as such, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tui.doctor import machine, watch
from tui.doctor.section import Section, Wrong
from tui.words import plural

__all__ = ["Section", "Wrong", "as_json", "as_text", "examine"]


def examine(config: Path, data: Path) -> list[Section]:
    """Every section, in the order in which they are told."""
    looks: Sequence[tuple[str, Callable[[Section], None]]] = (
        ("program", machine.program),
        ("terminal", machine.terminal),
        ("files", lambda section: machine.files(section, config, data)),
        ("disk", lambda section: machine.disk(section, data)),
        ("clock", lambda section: machine.clock(section, data)),
        ("config", lambda section: watch.config(section, config)),
        ("store", lambda section: watch.store(section, data)),
        ("collector", lambda section: watch.collector(section, data)),
        ("feeds", lambda section: watch.feeds(section, data)),
        ("log", lambda section: watch.log(section, data)),
    )
    return [_looked_at(name, look) for name, look in looks]


def _looked_at(name: str, look: Callable[[Section], None]) -> Section:
    section = Section(name)
    try:
        look(section)
    except Exception as error:  # whatever is broken is what this is for: told, and the next section
        section.amiss(
            f"could not be looked at: {type(error).__name__}: {error}", "report this with all of it"
        )
    return section


def as_text(sections: Sequence[Section]) -> str:
    """For a person, and to be pasted where a fault is reported."""
    lines: list[str] = []
    for section in sections:
        if not section.rows and not section.wrongs:
            continue  # a heading alone tells nothing
        lines.append(section.name.upper())
        width = max((len(name) for name, _ in section.rows), default=0)
        for name, value in section.rows:
            first, *more = section.printed(value) or ["none"]
            lines.append(f"  {name:<{width}}  {first}".rstrip())
            lines += [f"  {'':<{width}}  {line}" for line in more]
        for wrong in section.wrongs:
            lines.append(f"  WRONG  {section.clean(wrong.what)}")
            lines.append(f"         mend: {section.clean(wrong.mend)}")
        lines.append("")
    count = sum(len(section.wrongs) for section in sections)
    lines.append("All is well." if not count else f"{plural(count, 'thing')} to mend: see WRONG above.")
    return "\n".join(lines)


def as_json(sections: Sequence[Section]) -> dict[str, object]:
    """For a program."""
    return {
        "sections": {section.name: section.data() for section in sections},
        "wrong": [
            {"section": section.name, "what": section.clean(wrong.what), "mend": section.clean(wrong.mend)}
            for section in sections
            for wrong in section.wrongs
        ],
    }
