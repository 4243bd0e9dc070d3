"""Which alarms an output is told of, and when a message that was not taken is tried again. Pure."""

from __future__ import annotations

from collections import deque
from typing import Final

from tui.incidents.alarms import WINDOW, Bell, Muted, is_quiet
from tui.model import Timestamp
from tui.policy import AlarmOutput, Priority

BACK_OFF: Final = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds before each further try. After the last one, some twenty minutes later, it is given up."""


class Outbox:
    """Decides for one output, alarm after alarm."""

    def __init__(self, output: AlarmOutput) -> None:
        self.output = output
        self._sent: deque[Timestamp] = deque()
        self._left_out = 0

    def message(self, bell: Bell) -> str | None:
        """The line to be sent for an alarm; None where this output is not told of it.

        What the limit leaves out is counted, and told with the next message.
        """
        output = self.output
        if bell.muted is Muted.FLOOD or bell.priority.rank < output.priority.rank:
            return None
        if bell.priority is not Priority.CRITICAL and is_quiet(output.quiet, bell.at):
            return None
        while self._sent and self._sent[0] <= bell.at - WINDOW:
            self._sent.popleft()
        if len(self._sent) >= output.at_most:
            self._left_out += 1
            return None
        self._sent.append(bell.at)
        left_out, self._left_out = self._left_out, 0
        return f"{bell.words} (and {left_out} before it)" if left_out else bell.words


def wait_before(attempt: int) -> float | None:
    """Seconds to wait before the further try of that number, from 0; None: it is given up."""
    return BACK_OFF[attempt] if attempt < len(BACK_OFF) else None
