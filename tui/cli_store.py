"""The commands about the store as a file: ``backup``, ``restore`` and ``prune``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import cli_words, run_store

if TYPE_CHECKING:
    from tui.cli_words import Add, Commands


def add_backup(commands: Commands, add: Add) -> None:
    """``frontwatch backup FILE``."""
    words = "Copy the store to a file while everything runs"
    parser = add(commands, "backup", run_store.backup, words, "frontwatch backup ~/frontwatch-backup.db")
    parser.add_argument("file", type=cli_words.path, metavar="FILE", help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def add_restore(commands: Commands, add: Add) -> None:
    """``frontwatch restore FILE``."""
    words = "Make the store what a backup holds; the one that is there is kept beside it, under another name"
    parser = add(commands, "restore", run_store.restore, words, "frontwatch restore ~/frontwatch-backup.db")
    parser.add_argument(
        "file", type=cli_words.path, metavar="FILE", help="what `frontwatch backup` wrote, of any version"
    )


def add_prune(commands: Commands, add: Add) -> None:
    """``frontwatch prune``."""
    words = "Drop now the reports that the watch does not keep, and give their room back to the disk"
    parser = add(commands, "prune", run_store.prune, words, "frontwatch prune --dry-run")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be dropped")
