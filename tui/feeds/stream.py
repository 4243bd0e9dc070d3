"""A connection that tells cheaply whether its server has hung up."""

from __future__ import annotations

import select
import ssl
from typing import Any

import httpcore


class Stream(httpcore.AsyncNetworkStream):
    """``inner``, whose socket is looked up once.

    For each request httpcore asks every idle connection whether there is something to read on it, for that is
    the server's end of it. anyio answers by gathering all that it knows of the socket, its peer's name too.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._socket = inner.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        """The next bytes."""
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        """Send them."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """End it."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        """The same, encrypted from here on."""
        return Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What is known of it under that name."""
        return self._is_readable() if info == "is_readable" else self._inner.get_extra_info(info)

    def _is_readable(self) -> bool:
        """Whether a read would come back at once; also where it is closed."""
        number = -1 if self._socket is None else self._socket.fileno()
        if number < 0:
            return True
        if not hasattr(select, "poll"):  # Windows
            return bool(select.select([number], [], [], 0)[0])
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))
