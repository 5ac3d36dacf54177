"""
Takes deliveries out of the outbox until they have arrived, or a day has passed.

A row is leased while it is tried: a deliverer that is killed leaves it to the next one, which sends it again
under the same id. One transaction a turn writes how the last tries went and leases the next ones.
"""

import asyncio
import json
import logging
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from alerts.answer import Answer
from alerts.dispatch import Dispatcher, Errand
from alerts.message import Message, load_message
from alerts.outbox import RuleShelf, pace_of
from alerts.patience import BREAK, GIVE_UP, LATE, pause, rest
from alerts.transport import Transport
from alerts.upkeep import Upkeep
from archive.catalog import alerts, deliveries
from archive.catalog.deliveries import DeliveryState
from archive.errors import ArchiveError
from archive.opening import Stores
from config import Settings

__all__ = ["Deliverer"]

log = logging.getLogger(__name__)

#: Seconds of the wall clock between two looks into the outbox.
LOOK = 0.3
#: Seconds in which tries that end together are gathered into one transaction.
GATHER = 0.02
#: Seconds after which a catalogue that could not be written is tried again.
AFTER_TROUBLE = 2.0
#: Seconds between two rounds of upkeep.
UPKEEP = 60.0


@dataclass(frozen=True, slots=True)
class _Done:
    """A try that has ended."""

    errand: Errand
    answer: Answer


class Deliverer:
    """Delivers what the outbox of one home holds."""

    def __init__(
        self,
        stores: Stores,
        settings: Settings,
        *,
        base_url: str,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._stores = stores
        self._settings = settings
        self._base_url = base_url.rstrip("/")
        self._chance = chance
        #: Home-clock seconds in one second of the wall clock.
        self._speed = 1 / stores.clock.real_seconds(1.0)
        self._dispatcher = Dispatcher(
            pace=pace_of(settings),
            shelf=RuleShelf(),
            late=self._wall(LATE.total_seconds()),
            lease=self._wall(settings.alerts_timeout * 2 + 5),
        )
        self._upkeep = Upkeep(stores, give_up=self._wall(GIVE_UP.total_seconds()))
        self._under_way: Counter[str] = Counter()
        self._done: list[_Done] = []
        self._woken = asyncio.Event()
        #: The catalogue has a thread of its own: services that block cannot keep it waiting.
        self._writer = ThreadPoolExecutor(1, "outbox")

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until told to stop; what is under way is finished."""
        tasks: set[asyncio.Task[None]] = set()
        upkeep_at = 0.0
        loop = asyncio.get_running_loop()
        try:
            async with Transport(self._settings) as transport:
                while not stop.is_set():
                    if loop.time() >= upkeep_at:
                        await self._in_catalogue(self._upkeep.run)
                        upkeep_at = loop.time() + UPKEEP
                    for errand, message in await self._in_catalogue(self._turn) or ():
                        self._under_way[errand.channel.name] += 1
                        task = asyncio.create_task(self._deliver(transport, errand, message))
                        tasks.add(task)
                        task.add_done_callback(tasks.discard)
                    await self._rest(stop)
                if tasks:
                    await asyncio.wait(tasks, timeout=self._settings.alerts_timeout)
                await self._in_catalogue(self._settle_only)
        finally:
            self._writer.shutdown(wait=True)

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait until something has ended, it is time to look again, or all is to end."""
        waiting = [asyncio.ensure_future(one.wait()) for one in (stop, self._woken)]
        await asyncio.wait(waiting, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()
        if self._woken.is_set():
            self._woken.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), GATHER)

    async def _in_catalogue(self, work: Callable[[], Any]) -> Any:
        """Do work in the catalogue's thread; None when the catalogue cannot be used just now."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._writer, work)
        except ArchiveError as error:
            log.error("outbox.trouble error=%s", error)
            await asyncio.sleep(AFTER_TROUBLE)
            return None

    def _turn(self) -> list[tuple[Errand, Message]]:
        """Write how the last tries went, lease the next ones and load what they say."""
        now = self._stores.clock.now()
        if not self._done:
            with self._stores.catalogue.reading() as connection:
                if not deliveries.anything_due(connection, now):
                    return []
        done, under_way = list(self._done), Counter(self._under_way)
        with self._stores.catalogue.writing() as connection:
            self._settle(connection, done, now)
            errands = self._dispatcher.take(connection, now, under_way)
        # Only what is written is forgotten; the event loop may have added more meanwhile.
        del self._done[: len(done)]
        with self._stores.catalogue.reading() as connection:
            return [(errand, self._load(connection, errand)) for errand in errands]

    def _settle_only(self) -> None:
        done = list(self._done)
        with self._stores.catalogue.writing() as connection:
            self._settle(connection, done, self._stores.clock.now())
        del self._done[: len(done)]

    def _load(self, connection: Connection, errand: Errand) -> Message:
        row = errand.row
        notice = json.loads(row.notice) if row.notice else None
        return load_message(
            connection,
            errand.events,
            base_url=self._base_url,
            delivery=row.id,
            rule=row.rule,
            # The moment it was put on its way: the body stays the same on every try.
            at=row.created_at,
            is_late=row.is_late,
            notice=(notice["title"], notice["text"]) if notice else None,
        )

    async def _deliver(self, transport: Transport, errand: Errand, message: Message) -> None:
        try:
            if message.events or message.notice is not None:
                answer = await transport.send(errand.channel, message)
            else:
                answer = Answer(is_taken=False, error="withdrawn: the event holds no more", is_final=True)
        except Exception as error:  # the loop's rim: one delivery must not end the others
            log.exception("delivery.failed delivery=%s", errand.row.id)
            answer = Answer(is_taken=False, error=type(error).__name__)
        self._under_way[errand.channel.name] -= 1
        self._done.append(_Done(errand, answer))
        self._woken.set()

    def _settle(self, connection: Connection, done: list[_Done], now: datetime) -> None:
        rows = []
        for one in done:
            values = self._outcome(one, now)
            log.info(
                "delivery.tried delivery=%s state=%s status=%s",
                one.errand.row.id,
                values["state"],
                values["status"],
            )
            rows.append({"id": one.errand.row.id, **values})
        deliveries.settle_all(connection, rows)
        if not done:
            return
        channels = alerts.all_channels(connection)
        for one in done:
            if (channel := channels.get(one.errand.channel.name)) is not None and not one.answer.is_final:
                channels[channel.name] = self._note(connection, channel, one.answer, now)

    def _outcome(self, done: _Done, now: datetime) -> dict[str, Any]:
        """Return what a row is after a try."""
        row, answer = done.errand.row, done.answer
        attempts = row.attempts + 1
        values: dict[str, Any] = {
            "attempts": attempts,
            "status": answer.status,
            "last_error": answer.error or None,
            "sent_at": now if answer.is_taken else None,
            "next_attempt_at": None,
        }
        if answer.is_taken:
            return values | {"state": DeliveryState.SENT}
        expired = row.tried_at is not None and now - row.tried_at >= self._wall(GIVE_UP.total_seconds())
        if answer.is_gone or answer.is_final or expired:
            return values | {"state": DeliveryState.DEAD}
        wait = pause(
            attempts,
            base=self._settings.alerts_retry_base,
            chance=self._chance(),
            asked=answer.retry_after,
        )
        return values | {"state": DeliveryState.RETRYING, "next_attempt_at": now + self._wall(wait)}

    def _note(
        self, connection: Connection, channel: alerts.ChannelRow, answer: Answer, now: datetime
    ) -> alerts.ChannelRow:
        """Let a channel's breaker know; returns the channel as it is now."""
        if answer.is_taken:
            values: dict[str, Any] = {"failures": 0, "failing_since": None, "resting_until": None}
            if channel.failures >= BREAK:
                values["reason"] = ""
        elif answer.is_gone:
            values = {"is_on": False, "reason": "the receiver answered 410 Gone"}
        elif channel.resting_until is not None and channel.resting_until > now:
            # Several messages were under way when it failed: that is one failure.
            return channel
        else:
            failures = channel.failures + 1
            seconds = rest(failures, base=self._settings.alerts_retry_base, asked=answer.retry_after)
            values = {
                "failures": failures,
                "failing_since": channel.failing_since or now,
                "resting_until": now + self._wall(seconds) if seconds else None,
            }
            if failures >= BREAK:
                values["reason"] = f"{failures} failures in a row, the last one: {answer.error}"
        if any(getattr(channel, name) != value for name, value in values.items()):
            alerts.update_channel(connection, channel.name, **values)
        return replace(channel, **values)

    def _wall(self, seconds: float) -> timedelta:
        """Return a span of the wall clock in the home's time."""
        return timedelta(seconds=seconds * self._speed)
