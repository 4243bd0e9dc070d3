"""One message to one service, by apprise. Its address is a secret: no word of ours ever holds it."""

from __future__ import annotations

import logging
import os
import re
import threading
from typing import Final

from tui.policy import AlarmOutput

TITLE: Final = "Frontwatch"
_CALLING: Final = re.compile(r"@(?=\w)|\](?=\()|<(?=[!@#])")
"""What a chat reads more into than a headline says: ``@everyone``, ``[words](address)``, ``<!channel>``."""
_STATUS: Final = re.compile(r"\berror=([0-9]{3})\b")
_APPRISE: Final = logging.getLogger("apprise")
_ONE_BY_ONE: Final = threading.Lock()
"""So that what apprise says is of one message. It waits four seconds for a service, four for its answer."""


class _Status(logging.Filter):
    """Keeps the status that the service answered with, and lets nothing through of what apprise says."""

    def __init__(self) -> None:
        super().__init__()
        self.status = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Looks for ``error=404``."""
        if found := _STATUS.search(record.getMessage()):
            self.status = found[1]
        return False


def _plain(words: str) -> str:
    """The words with a space where a chat would call everybody or make a link of them."""
    return _CALLING.sub(r"\g<0> ", words)


def fault_of(output: AlarmOutput) -> str:
    """What keeps the output from being used, before anything is sent; empty where nothing does."""
    if not os.environ.get(output.env):
        return f"the environment variable {output.env} is not set: put the service's address in it"
    try:
        import apprise  # noqa: F401 - whether it is there; it costs a good deal, and most watches need none
    except ImportError:
        return "the library apprise is not installed: install frontwatch[notify]"
    return ""


def send(output: AlarmOutput, words: str) -> str:
    """Sends a line; returns why it was not taken, empty where it was. It may take some seconds."""
    if fault := fault_of(output):
        return fault
    import apprise

    # What these two log may hold the address.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    heard = _Status()
    with _ONE_BY_ONE:
        _APPRISE.addFilter(heard)
        try:
            service = apprise.Apprise(asset=apprise.AppriseAsset(app_id=TITLE, secure_logging=True))
            if not service.add(os.environ[output.env]):
                return f"what {output.env} holds is no address of a service that apprise knows"
            if service.notify(body=_plain(words), title=TITLE, body_format=apprise.NotifyFormat.TEXT):
                return ""
        except Exception as error:  # a service's plug-in may raise anything, with the address in its words
            return f"the service's plug-in failed: {type(error).__name__}"
        finally:
            _APPRISE.removeFilter(heard)
    return f"the service refused it: {heard.status}" if heard.status else "the service did not take it"
