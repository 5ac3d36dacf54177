"""
Search, versions and export on an archive built from rows: Zipf-distributed words, 300 a version.

    python benchmarks/research.py --articles 20000 --edits 100000 [--home DIR]

An archive that is in DIR already is used again. Prints one table with machine and data.
"""

import argparse
import itertools
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from sqlalchemy import func, insert, select, text

from archive.catalog import articles, captures, entries, files, sources
from archive.catalog.event_detail import detail_of
from archive.catalog.schema import article, capture, event
from archive.catalog.search_tables import INDEXES, search_version
from archive.model import (
    Disclosure,
    Event,
    EventKind,
    Extraction,
    Operation,
    OperationKind,
    PageKind,
    Severity,
    Source,
    Track,
    Version,
)
from archive.opening import Stores, open_stores
from archive.reading import Archive, SearchIn, SearchPage, SearchQuery
from archive.text import content_of

START = datetime(2024, 1, 1, tzinfo=UTC)
WORDS, VOCABULARY = 300, 200_000
OUTLETS = 50


class Press:
    """Writes articles: words by Zipf's law, the same ones for the same number."""

    def __init__(self) -> None:
        self._random = random.Random(4)
        self.words = [f"w{number:x}q" for number in range(VOCABULARY)]
        self._weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))

    def some(self, count: int) -> list[str]:
        """Return some words."""
        return self._random.choices(self.words, cum_weights=self._weights, k=count)


def build(stores: Stores, count: int, edits: int) -> None:
    """Fill a catalogue: two versions, five captures and one indexed edit an article."""
    press = Press()
    with stores.catalogue.writing() as connection:
        rows = [
            sources.add_source(
                connection,
                Source(
                    name=f"outlet-{n}",
                    url=f"https://o{n}.example/",
                    kind="outlet",
                    is_paused=False,
                    added_at=START,
                ),
            )
            for n in range(OUTLETS)
        ]
        file = files.ensure_file(connection, "bench.warc.gz", is_open=False)
    for start in range(0, count, 500):
        with stores.catalogue.writing() as connection:
            for number in range(start, min(count, start + 500)):
                write_article(connection, press, number, rows[number % OUTLETS], file)
        print(f"\r{min(count, start + 500)} of {count} articles", end="", file=sys.stderr)
    add_edits(stores, edits)
    with stores.catalogue.writing() as connection:
        connection.execute(text("ANALYZE"))


def write_article(connection, press: Press, number: int, source_id: int, file: int) -> None:
    """Write one article with its history."""
    uri = f"https://o{number % OUTLETS}.example/{number}"
    at = START + timedelta(minutes=number)
    row = articles.add_article(connection, uri=uri, source_id=source_id, at=at)
    url = articles.ensure_url(
        connection, uri, f"example,o{number % OUTLETS})/{number}", f"o{number % OUTLETS}.example"
    )
    articles.bind_url(connection, url.id, row)
    said = press.some(WORDS)
    taken, brought = press.some(3), press.some(3)
    ids = [f"{number:024x}{index:08x}" for index in range(5)]
    identity = f"{number:031x}e"
    for index, words in enumerate((said, [*said[3:], *brought]), 1):
        extraction = Extraction(
            page_kind=PageKind.ARTICLE, headline=" ".join(words[:8]), body=(" ".join(words),), language="en"
        )
        digest = f"sha256:{number:056x}{index:08x}"
        entries.add_content(connection, digest, content_of(extraction))
        moment = at + timedelta(hours=index)
        entries.upsert_version(
            connection,
            row,
            Version(
                article=uri, number=index, captured_at=moment, last_seen_at=moment, capture=ids[index], content=digest,
                headline=extraction.headline, words=WORDS, event=identity if index == 2 else None,
            ),
        )  # fmt: skip
    entries.upsert_event(connection, row, source_id, edit(identity, uri, at, taken, brought))
    captures.add_captures(
        connection,
        [
            {
                "id": one, "captured_at": at + timedelta(hours=index), "url_id": url.id, "article_id": row,
                "source_id": source_id, "status": 200, "payload_digest": f"sha256:{number:064x}", "record_type": "response",
                "record_id": f"<urn:uuid:{one}>", "file_id": file, "offset": number, "length": 100, "page_kind": "article",
                "content": None, "is_damaged": False, "aim": None, "target": None, "rendition": "",
                "verdict": "unchanged", "version": 1, "refers_to": None,
            }
            for index, one in enumerate(ids)
        ],
    )  # fmt: skip


def edit(identity: str, uri: str, at: datetime, taken: list[str], brought: list[str]) -> Event:
    """Return an edit of one sentence."""
    told = Operation(
        track=Track.BODY,
        kind=OperationKind.REPLACE,
        before=" ".join(["it", *taken]),
        after=" ".join(["it", *brought]),
    )
    return Event(
        id=identity, article=uri, kind=EventKind.EDIT, first_seen_at=at + timedelta(hours=2), confirmed_at=at,
        headline=" ".join(brought), severity=Severity.MATERIAL, tracks=(Track.BODY,), from_version=1, to_version=2,
        words_added=3, words_removed=3, disclosure=Disclosure.SILENT, alert=True, summary=" ".join(taken), operations=(told,),
    )  # fmt: skip


def add_edits(stores: Stores, edits: int) -> None:
    """Add rows of edits for the export, without words of their own in the index."""
    with stores.catalogue.writing() as connection:
        have = connection.execute(select(func.count()).select_from(event)).scalar_one()
        row, source_id = connection.execute(select(article.c.id, article.c.source_id).limit(1)).one()
        detail = detail_of(edit("", "", START, ["a"] * 20, ["b"] * 20))
        for start in range(have, edits, 5000):
            connection.execute(
                insert(event),
                [
                    {
                        "id": f"{number:031x}f", "article_id": row, "source_id": source_id, "kind": "edit",
                        "severity": "material", "disclosure": "silent", "first_seen_at": START + timedelta(seconds=number),
                        "confirmed_at": START, "alert": True, "is_variant": False, "is_superseded": False,
                        "from_version": 1, "to_version": 2, "from_capture": None, "to_capture": None, "words_added": 20,
                        "words_removed": 20, "tracks": "body", "headline": f"Headline number {number}",
                        "summary": f"“one” → “two” ({number})", "detail": detail,
                    }
                    for number in range(start, min(edits, start + 5000))
                ],
            )  # fmt: skip


def queries(count: int, kind: str) -> Iterator[SearchQuery]:
    """Yield searches of three words, each in at most a tenth of the articles."""
    chosen = random.Random(7)
    press = Press()
    for _ in range(count):
        # From this rank on a word stands in less than a tenth of texts of 300 words.
        words = [press.words[int(250 * (4000 / 250) ** chosen.random())] for _ in range(3)]
        narrowed = (
            {"since": START + timedelta(days=1), "until": START + timedelta(days=90)}
            if kind == "dates"
            else {}
        )
        if kind == "removed":
            yield SearchQuery(text=" OR ".join(words), where=SearchIn.REMOVED)
        else:
            yield SearchQuery(text=" ".join(words), **narrowed)


def timed(work: Callable[[], object]) -> float:
    """Return how many milliseconds it takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def spread(times: list[float]) -> str:
    """Return median and 95th percentile."""
    cuts = quantiles(times, n=20)
    return f"p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms"


def measure(stores: Stores, home: Path) -> Iterator[tuple[str, str]]:
    """Yield the rows of the table."""
    archive = Archive(stores)
    with stores.catalogue.reading() as connection:
        counted = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in (
                ("captures", capture),
                ("articles", article),
                ("versions", search_version),
                ("edits", event),
            )
        }
        uris = [row[0] for row in connection.execute(select(article.c.uri).limit(2000))]
    yield "archive", ", ".join(f"{count:,} {name}" for name, count in counted.items())
    for kind in ("words", "dates", "removed"):
        found = [
            timed(lambda q=query: list(archive.search(q, SearchPage(limit=20))))
            for query in queries(200, kind)
        ]
        yield f"search, three words ({kind})", spread(found)
    yield "versions of an article", spread([timed(lambda u=uri: archive.versions(u)) for uri in uris[:200]])
    yield "index and text", sizes(stores, counted["versions"])
    yield "export edits --format parquet", exported(home)
    command = [
        sys.executable,
        "-m",
        "lateedition",
        "--home",
        str(home),
        "edits",
        "--limit",
        "1",
        "--format",
        "jsonl",
    ]
    yield (
        "start of `edits`",
        spread(
            [timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) for _ in range(20)]
        ),
    )


def sizes(stores: Stores, versions: int) -> str:
    """Return the bytes of the index beside those of the text."""
    with stores.catalogue.reading() as connection:
        if connection.dialect.name != "sqlite":
            tables = ", ".join(f"pg_total_relation_size('{name}')" for name in INDEXES)
            index = sum(connection.execute(text(f"SELECT {tables}")).one())
        else:
            index = sum(
                connection.execute(text(f"SELECT sum(length(block)) FROM {name}_data")).scalar_one()
                for name in INDEXES
            )
    words = WORDS * sum(len(word) + 1 for word in Press().some(10_000)) // 10_000
    return f"{index / 1e6:,.0f} MB of index, {versions * words / 1e6:,.0f} MB of text"


def exported(home: Path) -> str:
    """Export all edits in a process of its own; return time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.parquet"
        command = [
            sys.executable,
            "-m",
            "lateedition",
            "--home",
            str(home),
            "export",
            "edits",
            "--all",
            "--format",
            "parquet",
            "--output",
            str(path),
        ]
        took = timed(lambda: subprocess.run(command, check=True, stderr=subprocess.DEVNULL)) / 1000
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return f"{took:.1f} s, {peak:.0f} MB of memory, {path.stat().st_size / 1e6:.1f} MB"


def main() -> None:
    """Build what is not there, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--edits", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--catalogue", default="", help="postgresql://…; SQLite unless said")
    given = parser.parse_args()
    home = given.home or Path(tempfile.mkdtemp(prefix="lateedition-bench-"))
    if given.catalogue:
        os.environ["LATEEDITION_CATALOGUE"] = given.catalogue
    stores = open_stores(home, catalogue=given.catalogue)
    with stores.catalogue.reading() as connection:
        is_empty = connection.execute(select(article.c.id).limit(1)).first() is None
    if is_empty:
        took = timed(lambda: build(stores, given.articles, given.edits))
        print(f"\nbuilt in {took / 1000:.0f} s", file=sys.stderr)
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    for name, value in measure(stores, home):
        print(f"{name:34}{value}", flush=True)
    stores.close()


if __name__ == "__main__":
    main()
