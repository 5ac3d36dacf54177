"""
Puts the demonstration on: the newspaper, the desk, and Late Edition itself as a child that watches the one for the other.

Late Edition is driven by its command line alone, as any operator would drive it.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from lateedition.demo.desk import Alert, Desk
from lateedition.demo.paper import Newspaper
from lateedition.demo.programme import Programme, read_programme

__all__ = ["SPAN", "SPEED", "Stage", "perform"]

#: How many times faster than the wall clock the paper's days pass, and how long the programme is, on its clock.
SPEED, SPAN = 2160.0, timedelta(hours=72)
#: Seconds that Late Edition is given to end.
GRACE = 25.0
#: File in the home that takes what the service says.
LOG = "run.log"

SETTINGS = """\
# A demonstration: one newspaper on this machine, and a clock that runs {speed:g} times too fast.
contact = "the demonstration of Late Edition"
allowed_private_networks = ["127.0.0.0/8"]

[politeness]
delay = 0.05

[discovery]
interval = 3600

[clock]
speed = {speed}
anchor = "{anchor}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a performance needs."""

    #: Folder for the home; made by the caller, and taken away by it.
    home: Path
    #: Port of Late Edition's page; 0 takes a free one.
    port: int
    #: The home's clock, which runs `SPEED` times as fast as the machine's since `anchor`.
    now: Callable[[], datetime]
    anchor: datetime
    say: Callable[[str], None]


async def perform(stage: Stage) -> int:
    """Play until SIGINT or SIGTERM, or until Late Edition ends by itself; return the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    programme = read_programme()
    paper = Newspaper(programme, stage.now, chance=random.Random())  # noqa: S311 - adverts, not secrets
    desk = Desk(lambda alert: stage.say(_line(alert)))
    async with served(paper.application()) as paper_at, served(desk.application()) as desk_at:
        settings = SETTINGS.format(speed=SPEED, anchor=stage.anchor.isoformat())
        (stage.home / "lateedition.toml").write_text(settings, encoding="utf-8")
        for command in (
            ("watch", paper_at + "/", "--name", "tidewater-courier"),
            ("channels", "add", "desk", desk_at + "/inbox"),
            ("rules", "add", "everything", "--to", "desk"),
        ):
            code = await _run(stage, *command)
            if code:
                return code
        service = await _start(stage, "run", "--port", str(stage.port), log=stage.home / LOG)
        stage.say(_welcome(stage, programme.outlet, paper_at, desk_at))
        tell = asyncio.create_task(_announce(programme, paper, stage))
        ended = asyncio.create_task(service.wait())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (tell, stopping):
            task.cancel()
        if ended.done():
            stage.say((stage.home / LOG).read_text(errors="replace").strip())
        return await _end(service, ended)


@asynccontextmanager
async def served(application: web.Application) -> AsyncIterator[str]:
    """Serve an application on a free port of loopback while the block runs; give its address."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _run(stage: Stage, *command: str) -> int:
    log = stage.home / f"{command[0]}.log"
    process = await _start(stage, *command, log=log)
    code = await process.wait()
    if code:
        stage.say(log.read_text(errors="replace").strip())
    return code


async def _start(stage: Stage, *command: str, log: Path) -> asyncio.subprocess.Process:
    """Start a command of Late Edition in a session of its own: Ctrl-C is ours to pass on, once."""
    with log.open("wb") as told:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "lateedition",
            "--home",
            str(stage.home),
            *command,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=told,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("LATEEDITION_")},
        )


async def _end(service: asyncio.subprocess.Process, ended: "asyncio.Task[int]") -> int:
    if not ended.done():
        with suppress(ProcessLookupError):
            service.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(ended), GRACE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                service.kill()
    return await ended


async def _announce(programme: Programme, paper: Newspaper, stage: Stage) -> None:
    """Say what the newsroom does, when it does it."""
    changes = sorted(
        ((change.at, story.headline, change.said) for story in programme.stories for change in story.changes),
        key=lambda one: one[0],
    )
    for at, headline, said in changes:
        await asyncio.sleep(max((at - paper.hour) * 3600 / SPEED, 0))
        stage.say(f"{stage.now():%a %H:%M}  newsroom  {headline}: {said}")
    await asyncio.sleep(max((SPAN / timedelta(hours=1) - paper.hour) * 3600 / SPEED, 0))
    stage.say("The programme is over; the service goes on. Ctrl-C ends it.")


def _line(alert: Alert) -> str:
    said = f", {alert.disclosure}" if alert.disclosure not in ("none", "") else ""
    return f"{datetime.fromisoformat(alert.confirmed_at):%a %H:%M}  ALERT     {alert.headline}: {alert.severity or alert.kind}{said}. {alert.summary}"


def _welcome(stage: Stage, outlet: str, paper_at: str, desk_at: str) -> str:
    return f"""
  Late Edition     http://127.0.0.1:{stage.port}/    open this
  {outlet}  {paper_at}/    the newspaper it watches
  Alerts           {desk_at}/    where its webhook arrives

  The paper's three days pass in two minutes. What its newsroom does, and what Late Edition makes of it, is
  told below and on the page: silent edits, a new headline, a correction with its note, an article that is
  taken down and comes back; and what is no edit: adverts, an A/B headline, a consent wall, a busy server.

  In another terminal:  lateedition --home {stage.home} edits
  Ctrl-C ends it, and leaves nothing behind.
"""
