"""feeds.toml: the watch, checked whole. Every fault is told at once, each with its place and its mend."""

from tui.config.faults import ConfigError, Fault
from tui.config.files import FileWatch, find
from tui.config.watch import lexicon_names, load

__all__ = ["ConfigError", "Fault", "FileWatch", "find", "lexicon_names", "load"]
