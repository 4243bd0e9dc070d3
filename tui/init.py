"""``frontwatch init``: a commented feeds.toml to start one's own watch from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from tui import paths
from tui.config import load
from tui.model import Watch
from tui.usage import must_be

USUAL: Final = "axis"
"""The built-in watch, by the name that ``--from`` has for it."""


class Refusal(Exception):
    """What cannot be done, and how it could, in words."""


def examples() -> dict[str, Path]:
    """The watches to start from, by name: the built-in one, then the others that ship with the program."""
    found = {path.stem: path for path in sorted(paths.examples_dir().glob("*.toml")) if _is_watch(path)}
    return {USUAL: paths.builtin_config(), **found}


def example(name: str) -> Path:
    """The example of that name. Raises WrongUsage where there is none."""
    known = examples()
    must_be(name, known, "example")
    return known[name]


def _is_watch(path: Path) -> bool:
    """Whether it is a watch: term lists lie beside the watches that use them."""
    return any(line.startswith("[watch]") for line in path.read_text(encoding="utf-8").splitlines())


def write(target: Path, source: Path, *, force: bool) -> list[Path]:
    """Copy a watch, and its term lists beside it, to ``target`` and its folder; gives the files.

    Raises Refusal where a file is there already, unless by ``force``: then that one is kept beside it under
    ``.old``. Raises OSError where the folder takes no files.
    """
    copies = {target: source, **_term_lists(load(source), source, target)}
    there = [path for path in copies if path.exists()]
    if there and not force:
        raise Refusal(f"{there[0]} is there already; --force puts it aside, or name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    for path, origin in copies.items():
        if path.exists():
            path.replace(path.with_name(f"{path.name}.old"))
        shutil.copyfile(origin, path)
    return list(copies)


def _term_lists(watch: Watch, source: Path, target: Path) -> dict[Path, Path]:
    """Where each term list of the watch's own goes, and where it comes from."""
    own = [Path(name) for front in watch.fronts for name in front.lexicons if name.endswith(".toml")]
    return {target.parent / path.relative_to(source.parent): path for path in own}


def told(target: Path, written: list[Path], found: Path) -> list[str]:
    """What was written and what to do next; ``found`` is the config that a dashboard would take now."""
    watch = load(target)
    used = found.exists() and target.exists() and found.samefile(target)
    option = "" if used else f" --config {target}"
    return [
        *(f"wrote {path}" for path in written),
        f"{watch.title}: {len(watch.fronts)} fronts, {len(watch.feeds)} feeds. Each key has a comment; next:",
        f"  edit {target}",
        f"  frontwatch{option} check    asks every feed once and says what to mend",
        f"  frontwatch{option}          the dashboard, which takes every later change as it is saved",
    ]
