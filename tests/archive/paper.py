"""A small newspaper for the archive's tests: pages, exchanges, homes, and what can be compared of two archives."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from archive.blobs.local import LocalAppender
from archive.catalog import sources
from archive.catalog.schema import article, capture, event, metadata, source, url, version
from archive.clock import Clock
from archive.ingest import Catalogued, Fetched, Recorder, StorePolicy
from archive.model import Exchange, Source
from archive.opening import Stores, open_stores

START = datetime(2018, 7, 19, 10, 0, tzinfo=UTC)
STORY = "https://paper.example/2018/07/19/town-hall-meeting"


def page(subject: str = "Nine", *, note: str = "", noise: str = "") -> bytes:
    """Return an article page; another subject is another text, noise is markup only."""
    story = "".join(
        f"<p>In part {number} of the evening {subject} people spoke at the town hall about the new bridge. "
        f"The meeting went on for {number + 2} hours and nobody left before it had ended.</p>"
        for number in range(12)
    )
    return (
        f"<html><head><title>{subject} people speak</title><meta property='og:type' content='article'>{noise}</head>"
        f"<body><article><h1>{subject} people speak at the town hall</h1>{story}{note}</article></body></html>"
    ).encode()


def exchange(body: bytes = b"", *, after: float = 0, uri: str = STORY, **changes: Any) -> Exchange:
    """Return an answer to a request made so many hours after the start."""
    values: dict[str, Any] = {
        "url": uri,
        "method": "GET",
        "at": START + timedelta(hours=after),
        "request_headers": ((b"Host", b"paper.example"), (b"User-Agent", b"lateedition-tests")),
        "status": 200,
        "reason": b"OK",
        "response_headers": (
            (b"Content-Type", b"text/html; charset=utf-8"),
            (b"Content-Length", str(len(body)).encode()),
        ),
        "body": body,
        "ip": "192.0.2.7",
    }
    return Exchange(**(values | changes))


def unanswered(*, after: float = 0, uri: str = STORY) -> Exchange:
    """Return a request that nothing came back from."""
    return exchange(
        after=after, uri=uri, status=None, reason=b"", response_headers=(), problem="timeout", detail="30 s"
    )


def redirect(to: str, *, after: float = 0, uri: str = STORY) -> Exchange:
    """Return a hop to another address."""
    return exchange(
        after=after, uri=uri, status=301, reason=b"Moved", response_headers=((b"Location", to.encode()),)
    )


def story() -> list[Exchange]:
    """Return a day in an article's life: every kind of capture once."""
    note = "<p><em>Correction: An earlier version of this article misstated the number of people. It was ten.</em></p>"
    return [
        unanswered(),
        exchange(page(), after=1),
        exchange(page(), after=2),
        exchange(after=3, status=304, reason=b"Not Modified", response_headers=((b"ETag", b'"1"'),)),
        exchange(page("Ten", note=note), after=4),
        exchange(page("Ten", note=note, noise="<!-- 5 -->"), after=5),
        exchange(b"<html><body>gone</body></html>", after=6, status=404, reason=b"Not Found"),
        exchange(b"<html><body>gone</body></html>", after=30, status=404, reason=b"Not Found"),
        exchange(b"<html><body>gone</body></html>", after=60, status=404, reason=b"Not Found"),
        exchange(page("Ten", note=note), after=61),
        exchange(page("Ten", note=note), after=62),
        redirect("https://paper.example/2018/07/19/another-town-hall-story", after=63),
        exchange(page("Eleven"), after=64, uri="https://paper.example/2018/07/20/another-story-of-the-town"),
        exchange(page()[:400], after=65, truncated="length"),
    ]


def opened(home: Path, clock: Clock | None = None, **urls: str) -> Stores:
    """Open a home in which the paper is watched."""
    stores = open_stores(home, clock=clock, **urls)
    with stores.catalogue.writing() as connection:
        if sources.source_id(connection, "paper") is None:
            new = Source(
                name="paper", url="https://paper.example/", kind="outlet", is_paused=False, added_at=START
            )
            sources.add_source(connection, new)
    return stores


def record(
    stores: Stores, exchanges: Sequence[Exchange], *, policy: StorePolicy | None = None, close: bool = True
) -> list[Catalogued]:
    """Archive exchanges one by one, as a slow crawl does; without `close` the file is left as by a dead writer."""
    recorder = Recorder(stores, software="lateedition/test", policy=policy)
    done = [one for fetched in fetches(stores, exchanges) for one in recorder.store([fetched])]
    if close:
        recorder.close()
    else:
        leave_behind(recorder)
    return done


def leave_behind(recorder: Recorder) -> None:
    """Let go of a recorder's file as the end of its process would: no final name, no lock."""
    file = recorder._writer._file
    if isinstance(file, LocalAppender) and file._descriptor is not None:
        os.close(file._descriptor)
        file._descriptor = None


def fetches(stores: Stores, exchanges: Sequence[Exchange]) -> list[Fetched]:
    """Return exchanges as made for the paper."""
    with stores.catalogue.reading() as connection:
        row = sources.source_id(connection, "paper")
    assert row is not None
    return [Fetched(exchange=one, source_id=row) for one in exchanges]


def contents(stores: Stores, *, without: Sequence[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that an archive says, apart from row numbers and from where records lie."""
    queries = {
        "captures": select(capture, url.c.uri, article.c.uri.label("article"), source.c.name.label("source"))
        .join(url, url.c.id == capture.c.url_id)
        .join(source, source.c.id == capture.c.source_id)
        .outerjoin(article, article.c.id == capture.c.article_id),
        "versions": select(version, article.c.uri.label("article")).join(
            article, article.c.id == version.c.article_id
        ),
        "events": select(event, article.c.uri.label("article"), source.c.name.label("source"))
        .join(article, article.c.id == event.c.article_id)
        .join(source, source.c.id == event.c.source_id),
        "articles": select(article, source.c.name.label("source")).join(
            source, source.c.id == article.c.source_id
        ),
    }
    apart = {"url_id", "article_id", "source_id", "file_id", "offset", "length", *without}
    with stores.catalogue.reading() as connection:
        return {
            name: sorted(
                (
                    tuple(
                        (key, value)
                        for key, value in row.items()
                        if key not in apart and not (key == "id" and isinstance(value, int))
                    )
                    for row in connection.execute(query).mappings()
                ),
                key=repr,
            )
            for name, query in queries.items()
        }


def rows(stores: Stores, table: str) -> int:
    """Count the rows of a table."""
    with stores.catalogue.reading() as connection:
        return len(connection.execute(select(metadata.tables[table])).all())
