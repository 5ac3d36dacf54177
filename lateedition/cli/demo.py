"""`lateedition demo`."""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from lateedition.cli.serve import PORT, listen


@click.command("demo", epilog="Example: lateedition demo --port 8800")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port of the page."
)
def command(port: int) -> int:
    """A local living newspaper plus the service; needs no internet, and leaves nothing behind."""
    from archive.clock import AcceleratedClock
    from lateedition.demo import Stage, perform
    from lateedition.demo.stage import SPAN, SPEED

    # A taken port is said before anything is started; the service takes it a moment later.
    listen("127.0.0.1", port).close()
    # The programme begins three days ago and arrives at the present with its last hour.
    anchor = datetime.now(UTC) + SPAN / (SPEED - 1)
    clock = AcceleratedClock(anchor, SPEED)
    with tempfile.TemporaryDirectory(prefix="lateedition-demo-") as folder:
        stage = Stage(home=Path(folder), port=port, now=clock.now, anchor=anchor, say=click.echo)
        return asyncio.run(perform(stage))
