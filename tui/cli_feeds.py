"""The commands about which feeds a watch has: ``feeds``, ``import``, and what ``export`` takes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from tui import cli_words, run_feeds, run_reports

if TYPE_CHECKING:
    from tui.cli_words import Add, Commands

_RELIABILITIES: Final = ("A", "B", "C", "D", "E", "F")


def add_feeds(commands: Commands, add: Add) -> None:
    """``frontwatch feeds add|list|remove``."""
    words = "List the feeds of your watch, add one by its address, or take one out"
    example = "frontwatch feeds add https://gazette.example --reliability B"
    parser = add(commands, "feeds", run_feeds.feeds_list, words, example)
    parser.set_defaults(json=False)
    inner: Commands = parser.add_subparsers(metavar="WHAT", title="what to do (usual: list)")
    words = "List the feeds: name, publisher, language, reliability, front, address"
    listed = add(inner, "list", run_feeds.feeds_list, words, "frontwatch feeds list --json")
    listed.add_argument("--json", action="store_true", help="a JSON object a line")
    words = "Find the feed at an address, or behind the page there, and write it into feeds.toml"
    example = "frontwatch feeds add gazette.example --name Gazette --reliability B --front yemen"
    added = add(inner, "add", run_feeds.feeds_add, words, example)
    added.add_argument("url", metavar="URL", help="of a feed, or of a page that names one")
    added.add_argument("--name", default="", help="else its own title")
    added.add_argument(
        "--publisher", default="", help="who speaks (else by its domain): one publisher, one voice"
    )
    _add_judgement(added, "what it declares, or reads like", "F, cannot be judged")
    added.add_argument("--front", default="", help="the front that it is all about (else none)")
    words = "Take a feed out of feeds.toml; what it told stays in the store"
    removed = add(inner, "remove", run_feeds.feeds_remove, words, "frontwatch feeds remove Gazette")
    removed.add_argument("feed", metavar="NAME|URL", help="as `frontwatch feeds list` shows it")


def add_import(commands: Commands, add: Add) -> None:
    """``frontwatch import FILE.opml``."""
    words = "Add the feeds of an OPML file, as other feed readers export it, to your feeds.toml"
    example = "frontwatch import subscriptions.opml --reliability C"
    parser = add(commands, "import", run_feeds.import_, words, example)
    parser.add_argument(
        "file", type=cli_words.path, metavar="FILE.opml", help="OPML 1.0 or 2.0, or - for standard input"
    )
    _add_judgement(parser, "as their names read", "F, cannot be judged")


def _add_judgement(parser: argparse.ArgumentParser, language: str, reliability: str) -> None:
    """``--language`` and ``--reliability`` of a feed that does not say its own."""
    parser.add_argument("--language", type=_language, metavar="CODE", help=f"as en, ar (else {language})")
    words = f"Admiralty, A reliable to E unreliable (else {reliability})"
    parser.add_argument("--reliability", default="", choices=_RELIABILITIES, help=words)


def _language(words: str) -> str:
    from tui.config.values import Refused, language

    try:
        return language(words)
    except Refused as refused:
        raise argparse.ArgumentTypeError(f"{refused.what}; {refused.mend}") from None


def settle_export(parser: argparse.ArgumentParser) -> None:
    """``frontwatch export`` is two: feeds to an OPML file, or incidents in a ``--format``."""
    where = "write the feeds of the watch there, as OPML 2.0 for other feed readers (- for standard output)"
    parser.add_argument("file", type=cli_words.path, nargs="?", metavar="FILE.opml", help=where)

    def export(arguments: argparse.Namespace) -> int:
        if arguments.file is None:
            if arguments.format is None:
                parser.error("say FILE.opml for the feeds, or --format for the incidents")
            return run_reports.export(arguments)
        if any((arguments.format, arguments.front, arguments.since, arguments.out)):
            parser.error("FILE.opml is for the feeds; --format, --front, --since and --out are for incidents")
        if str(arguments.file) != "-" and arguments.file.suffix.lower() not in (".opml", ".xml"):
            parser.error(
                f"{arguments.file} does not end in .opml; for incidents say --format, and --out FILE"
            )
        return run_feeds.export_opml(arguments)

    parser.set_defaults(handler=export)
