"""A report's page, in the browser of whoever sits at this terminal."""

from __future__ import annotations

import os
import subprocess
import sys

from tui import spawn


def browse(link: str) -> bool:
    """Ask the browser to open a page; False where nobody would see one that opens here."""
    if not _has_desktop():
        return False
    # A process of its own: what a browser has to say must not land on this screen.
    subprocess.Popen(
        [*spawn.command("webbrowser"), link],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return True


def _has_desktop() -> bool:
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return False
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
