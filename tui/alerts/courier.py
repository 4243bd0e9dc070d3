"""Brings alarms to the outputs of a watch: one after the other for each, again while it is not taken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from tui.alerts.outbox import Outbox, wait_before
from tui.alerts.send import send
from tui.incidents.alarms import Bell
from tui.policy import AlarmOutput

log = logging.getLogger(__name__)

WAITING: Final = 100
"""Messages that may wait for one output; more are dropped, the log says so."""


class Courier:
    """Takes bells at any time; :meth:`run` brings them. ``wait_before`` as in :mod:`tui.alerts.outbox`."""

    def __init__(
        self, outputs: Sequence[AlarmOutput], wait_before: Callable[[int], float | None] = wait_before
    ) -> None:
        self._wait_before = wait_before
        self._queues = [(Outbox(output), asyncio.Queue[str](WAITING)) for output in outputs]

    def take(self, bells: Sequence[Bell]) -> None:
        """Sorts alarms out to the outputs that are told of them."""
        for bell in bells:
            for outbox, queue in self._queues:
                if (words := outbox.message(bell)) is None:
                    continue
                try:
                    queue.put_nowait(words)
                except asyncio.QueueFull:
                    log.error("alarm output %s: too many wait, not sent: %s", outbox.output.name, words)

    async def run(self) -> None:
        """Until it is cancelled; what waits then is not sent."""
        async with asyncio.TaskGroup() as tasks:
            for outbox, queue in self._queues:
                tasks.create_task(self._bring(outbox.output, queue))

    async def _bring(self, output: AlarmOutput, queue: asyncio.Queue[str]) -> None:
        while True:
            words = await queue.get()
            attempt = 0
            while fault := await asyncio.to_thread(send, output, words):
                wait = self._wait_before(attempt)
                attempt += 1
                if wait is None:
                    log.error("alarm output %s: given up after %d tries: %s", output.name, attempt, fault)
                    break
                log.warning("alarm output %s: %s; again in %.0f s", output.name, fault, wait)
                await asyncio.sleep(wait)
            else:
                log.info("alarm output %s: sent", output.name)
            queue.task_done()

    async def brought(self) -> None:
        """Until nothing waits any more."""
        for _, queue in self._queues:
            await queue.join()
