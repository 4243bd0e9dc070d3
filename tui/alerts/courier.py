"""Brings messages to the outputs of a watch: one after the other for each, again while it is not taken.

What waits stands in the store, so it outlasts the collector. A message is marked as sent right after the
service took it; only where the process is killed in between can it come twice.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol, TypeVar

from tui.alerts.send import send
from tui.clock import Clock
from tui.policy import AlarmOutput
from tui.store import messages
from tui.store.connect import StoreError
from tui.store.messages import Fate, Message
from tui.store.writer import Writer

log = logging.getLogger(__name__)

Result = TypeVar("Result")

BACK_OFF: Final = (5.0, 15.0, 60.0, 300.0, 900.0)
"""Seconds before each further try. After the last one, some twenty minutes later, it is given up."""
TOO_OLD: Final = 3600.0
"""Seconds after which a message is not sent any more: an alarm of this morning must not ring tonight."""
STORE_PAUSE: Final = 5.0
"""Seconds before the store is asked again where it can't be used."""
LAST_ATTEMPT: Final = 9.0
"""Seconds that an attempt may still take when the collector ends: a service gets eight (see send.py)."""


def wait_before(attempt: int) -> float | None:
    """Seconds to wait before the further try of that number, from 0; None: it is given up."""
    return BACK_OFF[attempt] if attempt < len(BACK_OFF) else None


class Store(Protocol):
    """Where messages wait: the collector's thread with a Writer."""

    async def do(self, work: Callable[[Writer], Result]) -> Result:
        """``work`` done there; raises StoreError as it does."""
        ...


class Courier:
    """Sends what waits in the store for these outputs, and what :meth:`wake` says has come."""

    def __init__(
        self,
        outputs: Sequence[AlarmOutput],
        store: Store,
        wait_before: Callable[[int], float | None] = wait_before,
    ) -> None:
        self._outputs = outputs
        self._store = store
        self._wait_before = wait_before
        self._woken = {output.name: asyncio.Event() for output in outputs}

    def wake(self) -> None:
        """There may be more to send."""
        for event in self._woken.values():
            event.set()

    async def run(self) -> None:
        """Until it is cancelled; an attempt under way is ended first, so that nothing is sent twice."""
        names = [output.name for output in self._outputs]
        for message in await self._mail(partial(messages.waiting_elsewhere, outputs=names)):
            await self._drop(message, "there is no such output any more")
        async with asyncio.TaskGroup() as tasks:
            for output in self._outputs:
                tasks.create_task(self._bring(output))

    async def _bring(self, output: AlarmOutput) -> None:
        woken = self._woken[output.name]
        while True:
            woken.clear()
            message = await self._mail(partial(messages.first_waiting, output=output.name))
            if message is None:
                await woken.wait()
                continue
            await asyncio.sleep(max(0.0, message.next_try - Clock().now()))
            if Clock().now() - message.queued >= TOO_OLD:
                await self._drop(message, f"the alarm is more than {TOO_OLD / 60:.0f} min old")
                continue
            attempt = asyncio.create_task(self._attempt(output, message))
            try:
                await asyncio.shield(attempt)
            except asyncio.CancelledError:
                await asyncio.wait({attempt}, timeout=LAST_ATTEMPT)
                attempt.cancel()
                raise

    async def _attempt(self, output: AlarmOutput, message: Message) -> None:
        fault = await asyncio.to_thread(send, output, message.words)
        tries = message.attempts + 1
        if not fault:
            log.info("alarm output %s: sent", output.name)
            await self._settle(message, Fate.SENT, tries)
        elif (wait := self._wait_before(message.attempts)) is None:
            log.error("alarm output %s: given up after %d tries: %s", output.name, tries, fault)
            await self._settle(message, Fate.GIVEN_UP, tries)
        else:
            log.warning("alarm output %s: %s; again in %.0f s", output.name, fault, wait)
            at = Clock().now() + wait
            await self._mail(partial(messages.put_off, message=message.id, next_try=at))

    async def _drop(self, message: Message, why: str) -> None:
        log.error("alarm output %s: not sent, %s: %s", message.output, why, message.words)
        await self._settle(message, Fate.DROPPED, message.attempts)

    async def _settle(self, message: Message, fate: Fate, attempts: int) -> None:
        await self._mail(partial(messages.settle, message=message.id, fate=fate, attempts=attempts))

    async def _mail(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Asks the store until it answers: what was sent must not be forgotten."""
        while True:
            try:
                return await self._store.do(partial(Writer.mail, work=work))
            except StoreError as error:
                log.error("messages to alarm outputs can't be kept: %s", error)
                await asyncio.sleep(STORE_PAUSE)
