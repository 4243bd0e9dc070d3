"""One fault and what came of it, told in the same way by every script of this package."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.stage import head
from tests.terminal import Terminal


class NotHere(Exception):
    """The fault can't be injected on this machine; says why."""


@dataclass
class Case:
    """What was done, what the person saw and what was kept. A promise that did not hold is in ``broken``."""

    name: str
    injected: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def inject(self, words: str) -> None:
        self.injected.append(words)

    def keep(self, words: str) -> None:
        self.kept.append(words)

    def promise(self, holds: object, words: str) -> None:
        """Something that must hold."""
        if not holds:
            self.broken.append(words)

    def sees(
        self, terminal: Terminal, holds: Callable[[str], bool], words: str, seconds: float = 20.0
    ) -> str:
        """The screen must come to be so, within so many seconds; how it is told on top is noted."""
        started = time.monotonic()
        try:
            screen = terminal.until(holds, seconds)
        except AssertionError:
            screen = terminal.screen()
            self.broken.append(f"{words}: not so within {seconds:g} s:\n{screen}")
            return screen
        self.seen.append(f"after {time.monotonic() - started:.1f} s, {words}:\n{head(screen, 3)}")
        return screen

    def tell(self) -> str:
        lines = [f"== {self.name}"]
        for what, said in (("injected", self.injected), ("seen", self.seen), ("kept", self.kept)):
            lines += [f"{what}: {one}" for one in said]
        return "\n".join([*lines, *(f"BROKEN {one}" for one in self.broken)])


Fault = Callable[[Case, Path], None]


def run(name: str, fault: Fault, folder: Path) -> Case:
    """One fault in a folder of its own."""
    case = Case(name)
    try:
        fault(case, folder)
    except NotHere:
        raise
    except Exception as error:  # told beside what came before it: that is where its reason stands
        case.broken.append(f"{type(error).__name__}: {error}")
    return case


def main(faults: Mapping[str, Fault], words: str | None, program: str) -> int:
    """The faults that are named on the command line, or all; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=words)
    parser.add_argument("name", nargs="*", metavar="NAME", help="which (else all)")
    broken = 0
    for name in parser.parse_args().name or list(faults):
        with tempfile.TemporaryDirectory(prefix="frontwatch-fault-", ignore_cleanup_errors=True) as folder:
            try:
                case = run(name, faults[name], Path(folder))
            except NotHere as reason:
                print(f"== {name}\nnot on this machine: {reason}", flush=True)
                continue
        broken += len(case.broken)
        print(case.tell(), flush=True)
    print(f"{broken} promises broken", file=sys.stderr)
    return 1 if broken else 0
