"""What the commands do that look after the program itself: ``log`` and ``doctor``; as in :mod:`tui.run`."""

from __future__ import annotations

import argparse
import sys

from tui import paths
from tui.run import DONE, FAULT, refuse


def log(arguments: argparse.Namespace) -> int:
    """The last lines of the log, or where it lies."""
    from tui.log_lines import read_log

    data = arguments.data or paths.data_dir()
    if arguments.what == "path":
        print((data / paths.LOG_NAME).absolute())
        return DONE
    try:
        found = read_log(data, arguments.last, arguments.level)
    except OSError as fault:
        return refuse(fault)
    for line in found.lines:
        print(line.text if arguments.json else line)
    if found.spoilt:
        print(f"frontwatch: {found.spoilt} lines could not be read", file=sys.stderr)
    return DONE


def doctor(arguments: argparse.Namespace) -> int:
    """Everything that a report of a fault needs."""
    import json

    from tui.config import find
    from tui.doctor import as_json, as_text, examine

    sections = examine(find(arguments.config), arguments.data or paths.data_dir())
    if arguments.json:
        print(json.dumps(as_json(sections), ensure_ascii=False))
    else:
        print(as_text(sections))
    return FAULT if any(section.wrongs for section in sections) else DONE
