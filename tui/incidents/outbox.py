"""Which alarms an output is told of, and in what words. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.incidents.alarms import WINDOW, Bell, Muted, is_quiet
from tui.model import Timestamp
from tui.policy import AlarmOutput, Priority


@dataclass(frozen=True, slots=True)
class Post:
    """A line to be sent for an alarm."""

    bell: int
    """Which of the bells that were handed in."""
    output: str
    """The output's name."""
    words: str


class Outboxes:
    """Sorts alarms out to the outputs that are told of them.

    ``recent``: output and time of what each was told within the last :data:`WINDOW`, in order.
    """

    def __init__(self, outputs: Sequence[AlarmOutput], recent: Iterable[tuple[str, Timestamp]] = ()) -> None:
        self._boxes = {output.name: Outbox(output) for output in outputs}
        for name, at in recent:
            if name in self._boxes:
                self._boxes[name].sent.append(at)

    def posts(self, bells: Sequence[Bell]) -> list[Post]:
        """What is to be sent for these, in their order."""
        return [
            Post(number, name, words)
            for number, bell in enumerate(bells)
            for name, box in self._boxes.items()
            if (words := box.message(bell)) is not None
        ]


class Outbox:
    """Decides for one output, alarm after alarm."""

    def __init__(self, output: AlarmOutput) -> None:
        self.output = output
        self.sent: deque[Timestamp] = deque()
        """When it was told of something within the last :data:`WINDOW`."""
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
        while self.sent and self.sent[0] <= bell.at - WINDOW:
            self.sent.popleft()
        if len(self.sent) >= output.at_most:
            self._left_out += 1
            return None
        self.sent.append(bell.at)
        left_out, self._left_out = self._left_out, 0
        return f"{bell.words} (and {left_out} before it)" if left_out else bell.words
