"""
Measures how the catalogue grows: bytes a capture, and what reading and appending cost at each size.

    python benchmarks/growth.py [--sizes 10000 100000 1000000] [--engine sqlite|postgresql]

One catalogue an engine is filled from size to size with captures of made addresses, fifty of each, one in fifty a
full answer; it is then asked in its own words, without the command line. PostgreSQL is started for the purpose
from the wheel that the tests use, with its durability off, and reached through a socket.
"""

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

sys.path.insert(0, str(Path(__file__).parent.parent))

from archive.catalog import captures, files, payloads, sources
from archive.catalog.captures import CaptureFilter
from archive.catalog.catalogue import Catalogue
from archive.catalog.cdx import IndexFilter, index_rows
from archive.catalog.postgres import PostgresCatalogue
from archive.catalog.schema import article, capture, url, version
from archive.catalog.sqlite import SqliteCatalogue
from archive.catalog.versions import VersionFilter, stream_versions
from archive.digests import capture_id, sha256
from archive.model import PageKind, RecordType, Source, Verdict

START = datetime(2019, 1, 1, tzinfo=UTC)
#: Captures of one address, and rows of one statement.
LOOKS, BATCH = 50, 10_000
#: Questions of each kind.
ASKED = 300


class Filling:
    """Fills a catalogue; everything follows from the capture's number."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.filled = 0
        with catalogue.writing() as connection:
            paper = Source(
                name="paper", url="https://paper.example/", kind="outlet", is_paused=False, added_at=START
            )
            self._source = sources.add_source(connection, paper)
            self._file = files.ensure_file(connection, "LE-1.warc.gz", is_open=False)

    def to(self, count: int) -> None:
        """Add captures until there are so many: whole days of looks at all addresses there are."""
        while self.filled < count:
            numbers = range(self.filled, min(self.filled + BATCH, count))
            addresses = range(numbers.start // LOOKS, -(-numbers.stop // LOOKS))
            with self._catalogue.writing() as connection:
                connection.execute(insert(article), [self._article(one) for one in addresses])
                connection.execute(insert(url), [self._url(one) for one in addresses])
                connection.execute(insert(version), [self._version(one) for one in addresses])
                connection.execute(insert(capture), [self.row(number) for number in numbers])
            self.filled = numbers.stop

    def row(self, number: int, look: int | None = None) -> dict[str, object]:
        """Return a capture's row."""
        address = number // LOOKS
        look = number % LOOKS if look is None else look
        record = (
            f"<urn:uuid:{number:08x}-{look:04x}-4000-8000-{random.Random(number).randrange(16**12):012x}>"
        )
        digest = sha256(str(address).encode())
        return {
            "id": capture_id(record),
            "captured_at": moment(address, look),
            "url_id": address + 1,
            "article_id": address + 1,
            "source_id": self._source,
            "status": 200,
            "verdict": Verdict.UNCHANGED if look else Verdict.FIRST,
            "version": 1,
            "payload_digest": digest,
            "record_type": RecordType.REVISIT if look else RecordType.RESPONSE,
            "record_id": record,
            "refers_to": capture_id(record) if look else None,
            "file_id": self._file,
            "offset": number * 900,
            "length": 900,
            "page_kind": PageKind.ARTICLE,
            "content": digest,
            "is_damaged": False,
            "rendition": "",
        }

    def _url(self, number: int) -> dict[str, object]:
        path = f"2019/01/story-number-{number}"
        return {"id": number + 1, "uri": f"https://paper.example/{path}", "urlkey": f"example,paper)/{path}", "host": "paper.example", "article_id": number + 1}  # fmt: skip

    def _article(self, number: int) -> dict[str, object]:
        at = moment(number, 0)
        return {"id": number + 1, "uri": f"https://paper.example/2019/01/story-number-{number}", "source_id": self._source, "headline": "Story", "first_seen_at": at, "last_seen_at": at, "versions": 1, "captures": LOOKS, "history": ""}  # fmt: skip

    def _version(self, number: int) -> dict[str, object]:
        at = moment(number, 0)
        return {"article_id": number + 1, "number": 1, "captured_at": at, "last_seen_at": at, "capture": capture_id(str(number)), "content": sha256(b""), "headline": "Story", "words": 400}  # fmt: skip


def moment(address: int, look: int) -> datetime:
    """Return when an address was looked at."""
    return START + timedelta(seconds=address * 61, hours=look * 7)


def measured(catalogue: Catalogue, filling: Filling, size: Callable[[], int]) -> list[str]:
    """Return one line of the table."""
    chance = random.Random(filling.filled)
    addresses = [chance.randrange(filling.filled // LOOKS) for _ in range(ASKED)]
    ids = [filling.row(one * LOOKS + chance.randrange(LOOKS))["id"] for one in addresses]
    uri = "https://paper.example/2019/01/story-number-{}"

    def by_id(number: int) -> object:
        with catalogue.reading() as connection:
            return captures.capture_by_id(connection, str(ids[number]))

    def of_address(number: int) -> object:
        with catalogue.reading() as connection:
            return list(
                index_rows(
                    connection, IndexFilter(urlkey=f"example,paper)/2019/01/story-number-{addresses[number]}")
                )
            )

    def before(number: int) -> object:
        with catalogue.reading() as connection:
            return payloads.latest_payload(connection, addresses[number] + 1, START + timedelta(days=900))

    def versions(number: int) -> object:
        with catalogue.reading() as connection:
            return list(stream_versions(connection, VersionFilter(article_id=addresses[number] + 1)))

    def append(number: int) -> object:
        with catalogue.writing() as connection:
            rows = [
                filling.row(one * LOOKS, 1000 + number * 64 + place)
                for place, one in enumerate(addresses[:64])
            ]
            captures.add_captures(connection, rows)
        return None

    def first_of_all(_number: int) -> object:
        with catalogue.reading() as connection:
            return list(captures.stream_captures(connection, CaptureFilter(), limit=100))

    assert by_id(0) is not None, uri
    assert len(of_address(0)) >= LOOKS  # type: ignore[arg-type]
    bytes_each = size() / filling.filled
    figures = [timed(work) for work in (by_id, of_address, before, versions, first_of_all)]
    return [
        f"{filling.filled:,}",
        f"{bytes_each:.0f}",
        *(f"{one:.2f}" for one in figures),
        f"{timed(append, 40):.2f}",
    ]


def timed(work: Callable[[int], object], count: int = ASKED) -> float:
    """Return the median of a work's times, in milliseconds."""
    times = []
    for number in range(count):
        began = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


@contextmanager
def opened(engine: str) -> Iterator[tuple[Catalogue, Callable[[], int]]]:
    """Give an empty catalogue and the function that tells the bytes of its capture table."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            catalogue: Catalogue = SqliteCatalogue(Path(folder) / "catalog.sqlite")
            question = "SELECT sum(pgsize) FROM dbstat WHERE name = 'capture' OR name LIKE '%_capture_%'"
            yield catalogue, lambda: asked(catalogue, question)
            catalogue.close()
        return
    from tests.archive.servers import new_database, running_postgres

    with running_postgres() as address:
        catalogue = PostgresCatalogue(new_database(address))
        question = "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'capture'::regclass"
        yield catalogue, lambda: asked(catalogue, question)
        catalogue.close()


def asked(catalogue: Catalogue, question: str) -> int:
    """Return the number that answers a question."""
    with catalogue.reading() as connection:
        return int(connection.execute(text(question)).scalar_one())


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument(
        "--engine", choices=["sqlite", "postgresql"], nargs="+", default=["sqlite", "postgresql"]
    )
    given = parser.parse_args()
    heads = [
        "engine",
        "captures",
        "bytes each",
        "by id",
        "of an address",
        "last before",
        "versions",
        "first 100",
        "append 64",
    ]
    print(
        f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; bytes with indexes; medians in ms"
    )
    print(" ".join(f"{head:>13}" for head in heads))
    for engine in given.engine:
        with opened(engine) as (catalogue, size):
            filling = Filling(catalogue)
            for count in given.sizes:
                filling.to(count)
                if engine == "postgresql":
                    with catalogue.writing() as connection:
                        connection.execute(text("ANALYZE"))
                print(
                    " ".join(f"{cell:>13}" for cell in [engine, *measured(catalogue, filling, size)]),
                    flush=True,
                )


if __name__ == "__main__":
    main()
