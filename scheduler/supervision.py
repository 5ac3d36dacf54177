"""Keeps child processes at work: starts them by argv, restarts what ends, ends them with the service."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Child", "Supervisor"]

log = logging.getLogger(__name__)

#: Seconds before an ended child is started again: doubles while it keeps ending at once.
FIRST_PAUSE, LAST_PAUSE = 0.5, 10.0
#: A child that lived so long, in seconds, was well.
WELL = 30.0
#: Seconds a child is given to end by itself.
GRACE = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A part of the service that runs in a process of its own."""

    name: str
    argv: Sequence[str]
    #: Descriptors it inherits, such as a listening socket.
    pass_fds: tuple[int, ...] = ()


class Supervisor:
    """Runs children until it is stopped; use as an async context manager."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = children
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    async def __aenter__(self) -> "Supervisor":
        """Start all children."""
        self._tasks = [asyncio.create_task(self._keep(child), name=child.name) for child in self._children]
        return self

    async def __aexit__(self, *_: object) -> None:
        """End all children: asked first, killed when they do not listen."""
        self._stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, child: Child) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = loop.time()
            process = await asyncio.create_subprocess_exec(
                *child.argv,
                # Held open for as long as we live: its end tells the child that we are gone.
                stdin=asyncio.subprocess.PIPE,
                pass_fds=child.pass_fds,
                start_new_session=False,
            )
            ended = asyncio.create_task(process.wait())
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if self._stopping.is_set():
                await _end(process, ended)
                return
            pause = FIRST_PAUSE if loop.time() - began > WELL else min(pause * 2, LAST_PAUSE)
            log.error("child.ended name=%s code=%s restart_in=%.1fs", child.name, process.returncode, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)


async def _end(process: asyncio.subprocess.Process, ended: "asyncio.Task[int]") -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(asyncio.shield(ended), GRACE)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await ended
