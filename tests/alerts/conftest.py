"""What tests of alerts share: a real catalogue with a small ledger, and receivers on loopback."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Connection

from alerts import chat
from alerts.rules import Rule, rule_from
from archive.catalog import alerts, articles, entries, sources
from archive.catalog.alerts import ChannelRow, RuleRow
from archive.catalog.deliveries import DeliveryRow, deliveries, events_of
from archive.digests import derived_id
from archive.model import (
    Disclosure,
    Event,
    EventKind,
    Operation,
    OperationKind,
    Severity,
    Source,
    Track,
    Version,
)
from archive.opening import Stores, open_stores
from config import Settings


@pytest.fixture(autouse=True)
def _requests_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chat bounds the Requests library for the whole process, which is the deliverer's own, but not the tests'."""
    monkeypatch.setattr(requests.Session, "send", requests.Session.send)
    chat._bounded_requests.cache_clear()


NOON = datetime(2026, 7, 19, 12, tzinfo=UTC)


def an_event(number: int = 1, **other: Any) -> Event:
    """Return a confirmed edit, different from others in what is said."""
    values: dict[str, Any] = {
        "id": derived_id("event", str(number)),
        "article": f"https://news.example/city/story-{number}.html",
        "source": "news.example",
        "kind": EventKind.EDIT,
        "headline": f"Council sets aside money for bridge {number}",
        "severity": Severity.MATERIAL,
        "disclosure": Disclosure.SILENT,
        "tracks": (Track.BODY,),
        "first_seen_at": NOON - timedelta(minutes=2),
        "confirmed_at": NOON,
        "from_version": 1,
        "to_version": 2,
        "words_added": 1,
        "words_removed": 1,
        "alert": True,
        "summary": "Body: “40” → “70”",
        "operations": (
            Operation(
                track=Track.BODY,
                kind=OperationKind.REPLACE,
                before="The council set aside 40 million for the works.",
                after="The council set aside 70 million for the works.",
            ),
        ),
    }
    return Event(**(values | other))


def a_content(headline: str, *body: str, **other: Any) -> dict[str, Any]:
    """Return an extraction as it is kept."""
    return {
        "page_kind": "article",
        "headline": headline,
        "dek": "",
        "authors": ["Robin Marsh"],
        "published_at": "2026-07-19T10:00:00+00:00",
        "body": list(body),
        "notes": [],
        "entries": [],
        "language": "en",
        "section": "City",
    } | other


def a_rule(name: str = "all", **table: Any) -> Rule:
    """Return a rule, added an hour before noon."""
    return rule_from(name, NOON - timedelta(hours=1), {"to": ["desk"]} | table)


class Ledger:
    """A home's catalogue, filled by hand."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores

    def add(self, connection: Connection, event: Event) -> Event:
        """Write an event with its article and two versions."""
        found = sources.source_id(connection, event.source)
        if found is None:
            found = sources.add_source(
                connection,
                Source(
                    name=event.source,
                    url=f"https://{event.source}/",
                    kind="outlet",
                    is_paused=False,
                    added_at=NOON,
                ),
            )
        at = event.first_seen_at
        known = articles.article_by_key(connection, event.article)
        if known is None:
            known = articles.add_article(connection, uri=event.article, source_id=found, at=at)
            articles.bind_key(connection, event.article, known)
            articles.update_article(
                connection,
                known,
                headline=event.headline,
                published_at="2026-07-19T10:00:00+00:00",
                last_seen_at=at,
            )
        for number in {event.from_version, event.to_version} - {None}:
            said = [one.before if number == event.from_version else one.after for one in event.operations]
            digest = f"sha256:{event.id}{number}"
            entries.add_content(connection, digest, a_content(event.headline, *said))
            version = Version(
                article=event.article,
                number=number,
                captured_at=at,
                last_seen_at=at,
                capture=derived_id("capture", event.id, str(number)),
                content=digest,
                headline=event.headline,
                words=9,
            )
            entries.upsert_version(connection, known, version)
        entries.upsert_event(connection, known, found, event)
        return event

    def confirm(self, outbox: Callable[[Connection, list[Event]], None], *events: Event) -> None:
        """Write events and put them on their way, as ingest does: in one transaction."""
        with self.stores.catalogue.writing() as connection:
            for event in events:
                self.add(connection, event)
            outbox(connection, list(events))

    def channel(self, name: str = "desk", url: str = "http://127.0.0.1:9/hook", **other: Any) -> None:
        """Add a channel."""
        with self.stores.catalogue.writing() as connection:
            alerts.add_channel(connection, ChannelRow(name=name, url=url, **other))

    def rule(self, rule: Rule) -> None:
        """Add a rule."""
        with self.stores.catalogue.writing() as connection:
            row = RuleRow(name=rule.name, added_at=rule.added_at, definition=rule.to_json())
            alerts.add_rule(connection, row)

    def rows(self) -> list[DeliveryRow]:
        """Return all deliveries."""
        with self.stores.catalogue.reading() as connection:
            return deliveries(connection)

    def carried(self) -> list[list[str]]:
        """Return the events of every delivery, in order."""
        with self.stores.catalogue.reading() as connection:
            rows = deliveries(connection)
            found = events_of(connection, [row.id for row in rows])
        return [sorted(found.get(row.id, [])) for row in rows]


@pytest.fixture
def home(tmp_path: Path, clock) -> Iterator[Ledger]:
    """A home at noon."""
    clock.time = NOON
    stores = open_stores(tmp_path / "home", catalogue="", blobs="", clock=clock)
    yield Ledger(stores)
    stores.close()


@pytest.fixture
def settings() -> Settings:
    """Settings that let loopback be contacted, with short waits."""
    return replace(
        Settings(), allowed_private_networks=("127.0.0.0/8",), alerts_retry_base=0.02, alerts_timeout=2.0
    )


@dataclass
class Call:
    """One request to a receiver."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The delivery."""
        return self.headers.get("webhook-id", "")

    @property
    def said(self) -> dict[str, Any]:
        """The body."""
        return json.loads(self.body)


Behaviour = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


def says(status: int, headers: str = "", body: bytes = b"ok") -> bytes:
    """Return an HTTP answer."""
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def answers(*texts: bytes) -> Behaviour:
    """Give the n-th try of a delivery the n-th answer, the last one for ever."""

    async def behave(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(texts[min(number, len(texts) - 1)])
        await writer.drain()

    return behave


async def hangs(_writer: asyncio.StreamWriter, _number: int) -> None:
    """Never answer."""
    await asyncio.sleep(60)


async def drips(writer: asyncio.StreamWriter, _number: int) -> None:
    """Send a header line now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


@dataclass
class Flood:
    """Answer 200 with a gigabyte behind it, and count what somebody took of it."""

    megabytes: int = 0

    async def __call__(self, writer: asyncio.StreamWriter, _number: int) -> None:
        """Write as long as it is read."""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x" * 1_000_000)
            await writer.drain()
            self.megabytes += 1


async def breaks_off(writer: asyncio.StreamWriter, number: int) -> None:
    """Close in the middle of the status line, once; answer the second try."""
    writer.write(b"HTTP/1.1 20" if number == 0 else says(200))
    await writer.drain()


@dataclass
class Receiver:
    """A webhook receiver on loopback, in a thread of its own, that behaves as told by path."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    tries: Counter = field(default_factory=Counter)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def url(self, path: str = "hook") -> str:
        """Return an address of it."""
        return f"http://127.0.0.1:{self.port}/{path}"

    def behaves(self, path: str, how: Behaviour) -> str:
        """Let a path behave, and return its address."""
        self.behaviours[path] = how
        return self.url(path)

    def of(self, path: str) -> list[Call]:
        """Return the calls to a path."""
        return [one for one in self.calls if one.path == f"/{path}"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            call = Call(head[0].split()[1], headers, body)
            number = self.tries[call.path, call.id]
            self.tries[call.path, call.id] += 1
            with self.arrived:
                self.calls.append(call)
                self.arrived.notify_all()
            await self.behaviours.get(call.path.strip("/"), answers(says(200)))(writer, number)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""
    found, ready, loop = Receiver(), threading.Event(), asyncio.new_event_loop()

    async def main() -> None:
        server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
        found.port = server.sockets[0].getsockname()[1]
        stop = asyncio.Event()
        found.stop = lambda: loop.call_soon_threadsafe(stop.set)  # type: ignore[attr-defined]
        ready.set()
        await stop.wait()
        server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()), daemon=True)
    thread.start()
    ready.wait(5)
    yield found
    found.stop()  # type: ignore[attr-defined]
    thread.join(5)
    loop.close()
