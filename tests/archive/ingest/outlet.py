"""An outlet whose pages a test writes, archived into a real home."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from archive.catalog import ledger, sources
from archive.digests import sha256
from archive.ingest import Fetched, Recorder
from archive.ingest.cataloguing import Arrival, Cataloguer
from archive.ingest.facts import CaptureFacts
from archive.model import Event, Exchange, RecordType, Source, Verdict, Version
from archive.opening import Stores, open_stores
from archive.warc.reader import HttpMessage
from tests.conftest import StillClock

START = datetime(2026, 7, 19, 12, 0, tzinfo=UTC)
HOST = "https://paper.example"

PARAGRAPHS = (
    "The river crested at 23 feet on Monday evening, forcing the evacuation of about 400 homes on the east bank.",
    "Mayor Ana Ruiz said the levee system had held through the worst of the storm, but warned residents.",
    "“We are not out of this yet,” she told reporters at a shelter set up in the high school gymnasium.",
    "Farmers downstream said they had lost much of the early soybean crop and most of their winter stores.",
    "Officials planned to open four additional shelters on Tuesday morning and to run buses from the fairgrounds.",
)


def page(*body: str, headline: str = "River crests at 23 feet", after: str = "") -> bytes:
    """Return an article page; the flood story unless told otherwise."""
    paragraphs = "".join(f"<p>{text}</p>" for text in body or PARAGRAPHS)
    return (
        f"<html lang=en><head><title>{headline}</title><meta property=og:type content=article></head>"
        f"<body><main><article><h1>{headline}</h1>{paragraphs}</article>{after}</main></body></html>"
    ).encode()


def numbered(number: int) -> tuple[str, ...]:
    """Return an article of its own."""
    return tuple(
        f"{text[:-1]}, according to report number {number * 7 + place}."
        for place, text in enumerate(PARAGRAPHS)
    )


def facts(path: str, body: bytes, minutes: float, *, status: int = 200, record: str = "") -> CaptureFacts:
    """Return a capture as its record would tell it."""
    name = record or f"<urn:test:{path}:{minutes}>"
    return CaptureFacts(
        record_type=RecordType.RESPONSE,
        record_id=name,
        at=START + timedelta(minutes=minutes),
        uri=f"{HOST}{path}",
        http=HttpMessage(status, (("content-type", "text/html; charset=utf-8"),), body),
        payload_digest=sha256(body),
        is_truncated=False,
        status=status,
        refers_to=None,
        file="made.warc.gz",
        offset=0,
        length=1,
    )


def catalogue(connection: Connection, told: CaptureFacts, *, source_id: int) -> None:
    """Catalogue a capture whose bytes are said to be durable."""
    cataloguer = Cataloguer()
    arrival = Arrival(facts=told, seen=cataloguer.look(connection, told), source_id=source_id)
    cataloguer.catalogue(connection, [arrival])


def add_source(connection: Connection) -> int:
    """Let the outlet be watched; returns its row."""
    return sources.add_source(
        connection, Source(name="paper", url=HOST, kind="outlet", is_paused=False, added_at=START)
    )


class Outlet:
    """A home with one outlet; every page that is served is archived."""

    def __init__(self, home: Path) -> None:
        self.clock = StillClock(START)
        self.stores: Stores = open_stores(home, clock=self.clock)
        self.alerts: list[Event] = []
        self._recorder = Recorder(
            self.stores, software="test/1", on_events=lambda _connection, events: self.alerts.extend(events)
        )
        with self.stores.catalogue.writing() as connection:
            self.source = add_source(connection)

    def serve(
        self,
        path: str,
        body: bytes,
        *,
        minutes: float = 30,
        status: int = 200,
        location: str = "",
        truncated: str | None = None,
    ) -> Verdict:
        """Let time pass, archive one answer, and return what it is called."""
        headers = ((b"Content-Type", b"text/html; charset=utf-8"),)
        if location:
            headers += ((b"Location", location.encode()),)
        exchange = Exchange(
            url=f"{HOST}{path}",
            method="GET",
            at=self.clock.go(minutes=minutes),
            request_headers=((b"Host", b"paper.example"),),
            status=status,
            reason=b"OK",
            response_headers=headers,
            body=body,
            truncated=truncated,
        )
        (done,) = self._recorder.store([Fetched(exchange=exchange, source_id=self.source)])
        return done.verdict

    def events(self, *, alerts_only: bool = False) -> list[Event]:
        """Return the ledger."""
        with self.stores.catalogue.reading() as connection:
            return list(ledger.events_matching(connection, ledger.EventFilter(all=not alerts_only)))

    def versions(self, article_id: int = 1) -> Sequence[Version]:
        """Return an article's versions."""
        with self.stores.catalogue.reading() as connection:
            return ledger.versions_of(connection, article_id)

    def close(self) -> None:
        """Close file and catalogue."""
        self._recorder.close()
        self.stores.close()
