"""A deliverer that is killed at any moment: nothing is lost, and repeats have the same id."""

import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

import pytest

from alerts.outbox import Outbox
from archive.catalog.deliveries import DeliveryState
from archive.clock import SystemClock
from archive.opening import open_stores
from config import Settings
from tests.alerts.conftest import Ledger, a_rule, an_event, answers, says

#: Deliveries, kills, and seconds that the end is waited for.
COUNT, KILLS, PATIENCE = 400, 20, 120

pytestmark = [pytest.mark.crash, pytest.mark.timeout(600)]


@pytest.fixture
def live(tmp_path):
    """A home on the machine's clock, for deliverers in processes of their own."""
    path = tmp_path / "home"
    path.mkdir()
    (path / "lateedition.toml").write_text(
        'allowed_private_networks = ["127.0.0.0/8"]\n[alerts]\nretry_base = 0.05\ntimeout = 1\n'
    )
    stores = open_stores(path, clock=SystemClock())
    yield Ledger(stores)
    stores.close()


def _deliverer(home) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "lateedition", "--home", str(home.stores.home), "deliver"]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _wait(condition, look, seconds):
    end = monotonic() + seconds
    with condition:
        while not look() and monotonic() < end:
            condition.wait(0.2)


def test_twenty_kills_lose_nothing(live, receiver):
    """Four hundred messages to a receiver that takes its time and fails now and then."""
    rnd = random.Random(7)

    async def moody(writer, number):
        import asyncio

        await asyncio.sleep(0.02)
        writer.write(says(500) if number == 0 and rnd.random() < 0.2 else says(200))
        await writer.drain()

    now = datetime.now(UTC)
    live.channel("moody", receiver.behaves("moody", moody))
    live.channel("good", receiver.behaves("good", answers(says(200))))
    live.rule(replace(a_rule(to=["moody", "good"]), added_at=now))
    events = [
        an_event(n, source=f"s{n % 30}.example", confirmed_at=now, first_seen_at=now)
        for n in range(COUNT // 2)
    ]
    live.confirm(Outbox.of(Settings(), SystemClock()), *events)
    for _ in range(KILLS):
        had = len(receiver.calls)
        process = _deliverer(live)
        # Each is killed when some requests have been made, at an arbitrary point of the next ones.
        _wait(receiver.arrived, lambda had=had: len(receiver.calls) > had + rnd.randint(0, 12), 20)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    process = _deliverer(live)
    _wait(
        receiver.arrived,
        lambda: all(row.state is DeliveryState.SENT for row in live.rows()),
        PATIENCE,
    )
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    rows = live.rows()
    ids = {row.id for row in rows}
    carried = Counter(
        (call.path, event["event"])
        for call in {(c.path, c.id): c for c in receiver.calls}.values()
        for event in call.said["data"]["events"]
    )

    assert {row.state for row in rows} == {DeliveryState.SENT}
    assert len(rows) == COUNT
    assert {call.id for call in receiver.calls} == ids
    assert set(carried.values()) == {1}
    assert b"Traceback" not in said
    print(f"{len(receiver.calls) - COUNT} requests more than deliveries after {KILLS} kills")  # noqa: T201 - the count is asked for
