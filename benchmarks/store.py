"""
Measures the WARC store: writing beside warcio, reading one record, listing, importing, rebuilding.

    python benchmarks/store.py write|read|import|blobs [--scale 1.0] [--keep DIR]

Each prints one table. CPU figures hold across machines of a kind, wall times do not.
"""

import argparse
import gzip
import io
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from pages import START, Press
from sqlalchemy import insert
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import urls
from archive.catalog import captures, files, sources
from archive.catalog.schema import capture
from archive.catalog.schema import url as url_table
from archive.clock import SystemClock
from archive.digests import capture_id, sha256
from archive.ingest.recorder import about, new_record_id
from archive.model import Exchange, RecordType, Source, Verdict
from archive.opening import Stores, open_stores
from archive.warc.reader import read_record
from archive.warc.records import RecordForge, Refers, warc_date
from archive.warc.writer import Rotation, WarcWriter


def table(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print what was measured, and on what."""
    machine = f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    tools = ", ".join(f"{name} {version(name)}" for name in ("warcio", "deflate", "sqlalchemy"))
    print(f"\n{title}\n{machine}; {tools}; load {os.getloadavg()[0]:.1f}\n")
    width = max(len(row[0]) for row in rows)
    print(f"{'measured':{width}}  {'figure':>24}  wanted")
    for name, figure, wanted in rows:
        print(f"{name:{width}}  {figure:>24}  {wanted}")


def measure_writing(scale: float, pages: str | None) -> None:
    """Write the same answers and requests with our forge and with warcio's defaults."""
    press = Press()
    if pages:
        found = sorted(Path(pages).rglob("*.html.gz"))[: int(1000 * scale)]
        exchanges = [
            press.exchange(gzip.decompress(one.read_bytes()), number) for number, one in enumerate(found)
        ]
    else:
        exchanges = list(press.exchanges(int(1000 * scale)))
    raw = sum(len(one.body) for one in exchanges)
    coded = [_coded(one) for one in exchanges]
    table(
        f"Writing {len(exchanges)} answers with their requests, {raw / 1e6:.0f} MB of pages",
        [
            *_beside_warcio("sent plain", exchanges),
            *_beside_warcio("sent as gzip", coded),
            ("an unchanged page, all its records: bytes", f"{_unchanged(exchanges[0])}", "< 1500"),
        ],
    )


def _beside_warcio(sent: str, exchanges: Sequence[Exchange]) -> list[tuple[str, str, str]]:
    (ours, our_bytes), (theirs, their_bytes) = _cpu(
        lambda: _write_ours(exchanges), lambda: _write_warcio(exchanges)
    )
    return [
        (f"{sent}, ours: captures a CPU second", f"{len(exchanges) / ours:.0f}", ""),
        (f"{sent}, warcio's defaults: captures a CPU second", f"{len(exchanges) / theirs:.0f}", ""),
        (f"{sent}, ours over warcio's", f"{theirs / ours:.2f}", ">= 3"),
        (f"{sent}, bytes, ours over warcio's", f"{our_bytes / their_bytes:.4f}", "<= 1"),
    ]


def _coded(one: Exchange) -> Exchange:
    """Return an answer as most servers give it to a client that takes gzip."""
    body = gzip.compress(one.body, 6, mtime=0)
    headers = [
        (name, str(len(body)).encode() if name == b"Content-Length" else value)
        for name, value in one.response_headers
    ]
    return replace(one, body=body, response_headers=(*headers, (b"Content-Encoding", b"gzip")))


def _unchanged(one: Exchange) -> int:
    """Return the bytes of a page that shows what it showed before: a revisit and its request."""
    forge = RecordForge(new_record_id)
    refers = Refers(record_id=new_record_id(), uri=one.url, at=one.at, payload_digest=sha256(one.body))
    answer = forge.revisit(one, refers)
    return len(answer.member) + len(forge.request(one, answer.id).member)


def _cpu(*works: Callable[[], int]) -> list[tuple[float, int]]:
    """Return each work's least processor time of five runs, taken in turns, and what it returned."""
    best = [(float("inf"), 0)] * len(works)
    for _ in range(5):
        for number, work in enumerate(works):
            before = time.process_time()
            result = work()
            best[number] = min(best[number], (time.process_time() - before, result))
    return best


def _write_ours(exchanges: Sequence[Exchange]) -> int:
    forge = RecordForge(new_record_id)
    size = 0
    for one in exchanges:
        answer = forge.response(one, sha256(one.body))
        size += len(answer.member) + len(forge.request(one, answer.id).member)
    return size


def _write_warcio(exchanges: Sequence[Exchange]) -> int:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for one in exchanges:
        head = StatusAndHeaders("200 OK", [(a.decode(), b.decode()) for a, b in one.response_headers], protocol="HTTP/1.1")  # fmt: skip
        asked = StatusAndHeaders(f"GET /{one.url.split('/', 3)[3]} HTTP/1.1", [(a.decode(), b.decode()) for a, b in one.request_headers], is_http_request=True)  # fmt: skip
        answer = writer.create_warc_record(
            one.url,
            "response",
            payload=io.BytesIO(one.body),
            length=len(one.body),
            http_headers=head,
            # The same fields as ours: only the digests are what each writes unless told otherwise.
            warc_headers_dict={
                "WARC-Date": warc_date(one.at),
                "WARC-IP-Address": one.ip,
                "WARC-Protocol": one.protocol.lower(),
            },
        )
        request = writer.create_warc_record(
            one.url,
            "request",
            payload=io.BytesIO(),
            length=0,
            http_headers=asked,
            warc_headers_dict={"WARC-Date": warc_date(one.at)},
        )
        writer.write_request_response_pair(request, answer)
    return out.tell()


def measure_reading(scale: float, folder: Path) -> None:
    """Fill a home with a million captures, most of them revisits; read at random places, list them all."""
    count = int(1_000_000 * scale)
    stores = open_stores(folder / "million")
    with stores.catalogue.reading() as connection:
        full = captures.captures_in(connection) >= count
    if not full:
        _fill(stores, count)
    size = (folder / "million" / "catalog.sqlite").stat().st_size
    times = _random_reads(stores, 3000)
    stores.close()
    listing = _command(folder / "million", "captures", "--format", "jsonl")
    table(
        f"Reading, with {count} captures in the catalogue",
        [
            ("one capture by id, its record read: p50, ms", f"{statistics.median(times) * 1000:.2f}", "< 2"),
            ("the same: p99, ms", f"{sorted(times)[int(len(times) * 0.99)] * 1000:.2f}", ""),
            ("captures --format jsonl, lines a second", f"{count / listing.wall:.0f}", ">= 50000"),
            ("the same, lines a CPU second", f"{count / listing.cpu:.0f}", ""),
            ("the same, memory at most, MB", f"{listing.memory:.0f}", ""),
            ("catalogue, bytes a capture", f"{size / count:.0f}", ""),
        ],
    )


def _fill(stores: Stores, count: int) -> None:
    forge = RecordForge(new_record_id)
    writer = WarcWriter(
        stores.blobs,
        forge,
        SystemClock(),
        about=about("benchmark"),
        name=stores.writer,
        rotation=Rotation(size=1 << 30),
    )
    press = Press()
    with stores.catalogue.writing() as connection:
        new = Source(
            name="paper", url="https://paper.example/", kind="outlet", is_paused=False, added_at=START
        )
        source = sources.add_source(connection, new)
    pages = max(count // 500, 1)
    originals = list(press.exchanges(pages))
    digests = [sha256(one.body) for one in originals]
    with stores.catalogue.writing() as connection:
        connection.execute(
            insert(url_table),
            [{"uri": one.url, "urlkey": urls.urlkey(one.url), "host": "paper.example"} for one in originals],
        )
    for start in range(0, count, 5000):
        numbers = range(start, min(start + 5000, count))
        built = [
            _record(forge, originals[number % pages], digests[number % pages], number // pages)
            for number in numbers
        ]
        places = writer.write([[one[0]] for one in built])
        with stores.catalogue.writing() as connection:
            row = files.ensure_file(connection, places[0][0].file, is_open=False)
            connection.execute(
                insert(capture),
                [
                    _row(record, at, digest, place[0], number % pages + 1, source, row)
                    for number, (record, at, digest), place in zip(numbers, built, places, strict=True)
                ],
            )
        writer.rotate_if_due()
    writer.set_aside()
    with stores.catalogue.writing() as connection:
        for name, size in writer.close_aside().items():
            files.set_file_final(connection, name, size)


def _record(forge: RecordForge, one: Exchange, digest: str, look: int) -> tuple[object, object, str]:
    """Return an answer's record at the first look, revisits of it at the others."""
    at = one.at + timedelta(hours=look)
    if look == 0:
        return forge.response(one, digest), at, digest
    refers = Refers(record_id=new_record_id(), uri=one.url, at=one.at, payload_digest=digest)
    return forge.revisit(replace(one, at=at), refers), at, digest


def _row(
    record: object, at: object, digest: str, place: object, url_id: int, source: int, file: int
) -> dict[str, object]:
    return {
        "id": capture_id(record.id),  # type: ignore[attr-defined]
        "captured_at": at,
        "url_id": url_id,
        "article_id": None,
        "source_id": source,
        "status": 200,
        "verdict": Verdict.UNCHANGED,
        "version": 1,
        "payload_digest": digest,
        "record_type": RecordType(record.type),  # type: ignore[attr-defined]
        "record_id": record.id,  # type: ignore[attr-defined]
        "file_id": file,
        "offset": place.offset,  # type: ignore[attr-defined]
        "length": place.length,  # type: ignore[attr-defined]
        "page_kind": "article",
        "content": digest,
        "is_damaged": False,
        "rendition": "",
    }


def _random_reads(stores: Stores, count: int) -> list[float]:
    chance = random.Random(3)
    with stores.catalogue.reading() as connection:
        ids = [row[0] for row in connection.execute(captures_ids())]
    wanted = chance.sample(ids, count)
    times = []
    for one in wanted:
        began = time.perf_counter()
        with stores.catalogue.reading() as connection:
            found = captures.capture_by_id(connection, one)
        place = found.record  # type: ignore[union-attr]
        record = read_record(stores.blobs, place.file, place.offset, place.length)  # type: ignore[arg-type]
        record.http().decoded()
        times.append(time.perf_counter() - began)
    return times


def captures_ids() -> object:
    """Return the query for all ids."""
    from sqlalchemy import select

    return select(capture.c.id)


def measure_import(scale: float, folder: Path) -> None:
    """Import 1 GB of WARC, rebuild, verify; the command's own time and memory."""
    path = folder / "gigabyte.warc"
    home = folder / "imported"
    wanted = int((1 << 30) * scale)
    count = _write_plain(path, wanted)
    imported = _command(home, "import", str(path))
    rebuilt = _command(home, "rebuild")
    verified = _command(home, "verify", "--deep")
    table(
        f"{path.stat().st_size / 1e6:.0f} MB of WARC, {count} captures, every page new",
        [
            ("import: captures a second", f"{count / imported.wall:.0f}", ""),
            ("import: captures a CPU second", f"{count / imported.cpu:.0f}", ""),
            ("import: memory at most, MB", f"{imported.memory:.0f}", "< 300"),
            ("rebuild: captures a second", f"{count / rebuilt.wall:.0f}", ">= import's"),
            ("rebuild: captures a CPU second", f"{count / rebuilt.cpu:.0f}", ">= import's"),
            ("rebuild: memory at most, MB", f"{rebuilt.memory:.0f}", ""),
            ("verify --deep: captures a CPU second", f"{count / verified.cpu:.0f}", ""),
        ],
    )


def _write_plain(path: Path, wanted: int) -> int:
    """Write an uncompressed WARC as another tool would."""
    press, count = Press(), 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False, warc_version="1.1")
        while file.tell() < wanted:
            one = press.exchange(press.page(), count)
            head = StatusAndHeaders("200 OK", [(a.decode(), b.decode()) for a, b in one.response_headers], protocol="HTTP/1.1")  # fmt: skip
            record = writer.create_warc_record(
                one.url,
                "response",
                payload=io.BytesIO(one.body),
                length=len(one.body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": one.at.strftime("%Y-%m-%dT%H:%M:%SZ")},
            )
            writer.write_record(record)
            count += 1
    return count


@dataclass(frozen=True)
class Used:
    """What a command took: seconds of the wall and of the processor, and MB of memory at most."""

    wall: float
    cpu: float
    memory: float


def _command(home: Path, *arguments: str) -> Used:
    """Run a command; its output goes nowhere."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "lateedition", "--home", str(home), *arguments]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, arguments
    return Used(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure_blobs(scale: float, folder: Path) -> None:
    """Read ranges of a local file as a plain file and through obstore."""
    import obstore
    from obstore.store import LocalStore

    from archive.blobs.local import LocalBlobs

    data = random.Random(1).randbytes(1 << 20)
    (folder / "blob.warc.gz").write_bytes(data * int(200 * scale))
    size = (folder / "blob.warc.gz").stat().st_size
    places = [random.Random(number).randrange(size - 20_000) for number in range(5000)]
    plain, store = LocalBlobs(folder), LocalStore(str(folder))

    def through_file() -> int:
        return sum(len(plain.read("blob.warc.gz", at, 12_000)) for at in places)

    def through_obstore() -> int:
        return sum(
            len(bytes(obstore.get_range(store, "blob.warc.gz", start=at, length=12_000))) for at in places
        )

    table(
        f"One record of 12 kB by range from a local file of {size / 1e6:.0f} MB",
        [
            ("plain file, µs a read", f"{_wall(through_file) / len(places) * 1e6:.0f}", ""),
            ("obstore, µs a read", f"{_wall(through_obstore) / len(places) * 1e6:.0f}", ""),
        ],
    )


def _wall(work: object) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()  # type: ignore[operator]
        best = min(best, time.perf_counter() - began)
    return best


def _folder(keep: str | None) -> Iterator[Path]:
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        yield Path(keep)
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def main() -> None:
    """Measure one thing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["write", "read", "import", "blobs"])
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the data")
    parser.add_argument("--keep", help="a folder for the data, kept for the next run")
    parser.add_argument("--pages", help="for `write`: a folder of real pages (.html.gz) instead of made ones")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for folder in _folder(given.keep):
        match given.what:
            case "write":
                measure_writing(given.scale, given.pages)
            case "read":
                measure_reading(given.scale, folder)
            case "import":
                measure_import(given.scale, folder)
            case "blobs":
                measure_blobs(given.scale, folder)


if __name__ == "__main__":
    main()
