"""What makes a shell complete the commands; as in :mod:`tui.run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tui.run import DONE

PathType = Callable[[str], Path]

SHELLS: Final = ("bash", "zsh", "fish")


def completion(arguments: argparse.Namespace, whole: argparse.ArgumentParser, path: PathType) -> int:
    """The script for a shell, of all commands and the watch; ``path``: the type of their paths."""
    from tui.config import ConfigError, find, load
    from tui.model import Kind, Severity
    from tui.palette import theme_names

    values: dict[str, Sequence[str]] = {"kind": list(Kind), "severity": list(Severity)}
    try:
        watch = load(find(arguments.config))
    except ConfigError as error:
        print(f"{error}\nfronts and themes are left out", file=sys.stderr)
    else:
        values |= {"front": [front.id for front in watch.fronts], "theme": theme_names(watch.screen.themes)}
    print(_script(whole, arguments.shell, values, path))
    return DONE


def _script(
    whole: argparse.ArgumentParser, shell: str, values: Mapping[str, Sequence[str]], path: PathType
) -> str:
    """``values``: what an option of that name may be. The parser is changed by it."""
    import shtab  # 80 ms to import, and needed here alone

    for action in _actions(whole):
        if action.type is path:
            vars(action)["complete"] = shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE
        elif action.option_strings and action.dest in values and action.choices is None:
            action.choices = list(values[action.dest])
        elif not action.option_strings and action.choices is None:
            # Free words: zsh offers the options in their place too only where something is asked for them.
            vars(action)["complete"] = {"zsh": "{true}"}
    return shtab.complete(whole, shell=shell)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every option and argument, of the commands too."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from _actions(each)
