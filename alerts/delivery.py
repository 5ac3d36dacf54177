"""
Takes deliveries out of the outbox until they have arrived, or a day has passed.

A row is leased while it is tried: a deliverer that is killed leaves it to the next one, which sends it again
under the same id. A channel that does not answer keeps no other waiting.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from time import time

from alerts.channels import is_webhook, secret_of
from alerts.message import signature, text_for_people, webhook_body
from alerts.sender import Answer, Sender
from archive.catalog import alerts, ledger
from archive.catalog.alerts import ChannelRow, DeliveryRow, DeliveryState
from archive.model import Event
from archive.opening import Stores
from config import Settings

__all__ = ["Deliverer"]

log = logging.getLogger(__name__)

#: Seconds of the wall clock between two looks into the outbox.
LOOK = 0.3
#: Deliveries that may be under way.
ROOM = 32
#: Wall-clock time after which a delivery is given up.
GIVE_UP = timedelta(hours=24)
#: The wait between two tries grows no longer than this, in seconds.
LONGEST_WAIT = 3600.0


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

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until told to stop; what is under way is finished."""
        under_way: set[asyncio.Task[None]] = set()
        async with Sender(self._settings.allowed_private_networks, self._settings.alerts_timeout) as sender:
            while not stop.is_set():
                for row, channel in await asyncio.to_thread(self._lease, ROOM - len(under_way)):
                    task = asyncio.create_task(self._deliver(sender, row, channel))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK)
            if under_way:
                await asyncio.wait(under_way, timeout=self._settings.alerts_timeout)

    def _lease(self, room: int) -> list[tuple[DeliveryRow, ChannelRow]]:
        if room <= 0:
            return []
        now = self._stores.clock.now()
        until = now + self._wall(self._settings.alerts_timeout * 2 + 5)
        with self._stores.catalogue.reading() as connection:
            if not alerts.anything_due(connection, now):
                return []
        with self._stores.catalogue.writing() as connection:
            rows = alerts.lease_due(connection, now=now, until=until, limit=room)
            channels = alerts.all_channels(connection)
        return [(row, channels[row.channel]) for row in rows]

    def _wall(self, seconds: float) -> timedelta:
        """Return a span of the wall clock in the home's time."""
        return timedelta(seconds=seconds * self._speed)

    async def _deliver(self, sender: Sender, row: DeliveryRow, channel: ChannelRow) -> None:
        try:
            answer = await self._try(sender, row, channel)
        except Exception as error:  # the loop's rim: one delivery must not end the others
            log.exception("delivery.failed delivery=%s", row.id)
            answer = Answer(status=None, error=f"{type(error).__name__}: {error}")
        await asyncio.to_thread(self._settle, row, channel, answer)

    async def _try(self, sender: Sender, row: DeliveryRow, channel: ChannelRow) -> Answer:
        event = await asyncio.to_thread(self._event, row.event_id)
        if event is None:
            return Answer(status=410, error="the event is no longer in the ledger")
        if not is_webhook(channel.url):
            return await asyncio.to_thread(self._by_apprise, row, channel, event)
        now = self._stores.clock.now()
        # The timestamp is the moment it was put on its way: the body stays the same on every retry.
        body = webhook_body(row.rule, [event], at=row.created_at, base_url=self._base_url)
        headers = {"Content-Type": "application/json", "User-Agent": "LateEdition", "webhook-id": row.id}
        stamp = int(time())
        headers["webhook-timestamp"] = str(stamp)
        try:
            secret = secret_of(channel.secret_env)
            if secret is not None:
                headers["webhook-signature"] = signature(secret, row.id, stamp, body)
        except (LookupError, ValueError) as error:
            return Answer(status=None, error=str(error.args[0]))
        log.info("delivery.try delivery=%s at=%s", row.id, now.isoformat())
        return await sender.post(channel.url, body, headers)

    def _event(self, event_id: str) -> Event | None:
        with self._stores.catalogue.reading() as connection:
            return ledger.event_by_id(connection, event_id)

    def _by_apprise(self, row: DeliveryRow, channel: ChannelRow, event: Event) -> Answer:
        import apprise

        service = apprise.Apprise()
        if not service.add(channel.url):
            return Answer(status=None, error="Apprise cannot read the channel's address")
        title, text = text_for_people(row.rule, event, self._base_url)
        sent = service.notify(title=title, body=text)
        return Answer(
            status=200 if sent else None, error="" if sent else "the service did not take the message"
        )

    def _settle(self, row: DeliveryRow, channel: ChannelRow, answer: Answer) -> None:
        now = self._stores.clock.now()
        attempts = row.attempts + 1
        with self._stores.catalogue.writing() as connection:
            if answer.is_taken:
                alerts.settle_delivery(
                    connection, row.id, state=DeliveryState.SENT, attempts=attempts, sent_at=now, next_attempt_at=None, last_error=None
                )  # fmt: skip
                return
            if answer.status == 410:
                alerts.set_channel(
                    connection, channel.name, is_on=False, reason="the receiver answered 410 Gone"
                )
            expired = now - row.created_at >= self._wall(GIVE_UP.total_seconds())
            alerts.settle_delivery(
                connection,
                row.id,
                state=DeliveryState.DEAD if expired else DeliveryState.RETRYING,
                attempts=attempts,
                next_attempt_at=None if expired else now + self._pause(attempts, answer),
                last_error=answer.error,
            )

    def _pause(self, attempts: int, answer: Answer) -> timedelta:
        """Return the wait before the next try: doubling, with jitter, never less than the receiver asks."""
        doubled = self._settings.alerts_retry_base * 2 ** min(attempts - 1, 20)
        jittered = min(doubled, LONGEST_WAIT) * (0.75 + 0.5 * self._chance())
        return self._wall(max(jittered, answer.retry_after))
