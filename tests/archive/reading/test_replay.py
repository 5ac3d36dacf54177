"""Archived answers: a revisit is answered by the record it stands for, however that is named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.digests import sha256
from archive.errors import RecordDamagedError
from archive.ingest import import_files
from archive.model import Exchange
from archive.opening import Stores, open_stores
from archive.reading.replay import answer_of, head_of, mementos_of
from archive.warc.records import BuiltRecord, RecordForge, Refers

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
URL = "https://paper.example/story.html?id=7"
BODY = b"<html><body><h1>A headline</h1><p>Some words that were said.</p></body></html>"


def exchange(minutes: int, *, url: str = URL, status: int = 200, body: bytes = BODY) -> Exchange:
    """An answer so many minutes after the beginning."""
    return Exchange(
        url=url,
        method="GET",
        at=AT + timedelta(minutes=minutes),
        request_headers=(),
        status=status,
        reason=b"OK",
        response_headers=((b"Content-Type", b"text/html"), (b"X-Minute", str(minutes).encode())),
        body=body,
    )


@pytest.fixture
def forge() -> RecordForge:
    """A forge whose ids count up."""
    numbers = iter(range(1, 100))
    return RecordForge(lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(numbers):012}>")


def archived(folder: Path, *records: BuiltRecord) -> Stores:
    """Import records into a new home."""
    (folder / "in.warc.gz").write_bytes(b"".join(one.member for one in records))
    stores = open_stores(folder / "home")
    assert import_files(stores, [folder / "in.warc.gz"], software="test").problems == []
    return stores


@pytest.mark.parametrize(
    ("record_id", "at"),
    [
        pytest.param("", AT, id="by-record-id"),
        pytest.param("<urn:uuid:of-another-archive>", AT, id="by-date"),
        pytest.param("<urn:uuid:of-another-archive>", AT - timedelta(days=9), id="by-payload"),
    ],
)
@pytest.mark.parametrize("status", [200, 304])
def test_a_revisit_has_the_body_it_stands_for(
    tmp_path: Path, forge: RecordForge, record_id: str, at: datetime, status: int
) -> None:
    """Found by record id, else by address and date, else by payload digest."""
    first = forge.response(exchange(0), sha256(BODY))
    refers = Refers(record_id=record_id or first.id, uri=URL, at=at, payload_digest=sha256(BODY))
    stores = archived(tmp_path, first, forge.revisit(exchange(10, status=status), refers))
    row = mementos_of(stores, URL)[-1]
    answer = answer_of(stores, row)
    stores.close()

    assert answer is not None
    assert answer.message.body == BODY
    assert answer.status == 200
    assert answer.header("x-minute") == ("0" if status == 304 else "10")


def test_a_revisit_of_something_that_is_elsewhere_has_no_answer(tmp_path: Path, forge: RecordForge) -> None:
    """It is told apart from an empty page."""
    refers = Refers(record_id="<urn:uuid:elsewhere>", uri=URL, at=AT, payload_digest=sha256(b"other"))
    stores = archived(tmp_path, forge.revisit(exchange(10), refers))
    answer = answer_of(stores, mementos_of(stores, URL)[0])
    stores.close()

    assert answer is None


def test_an_address_as_it_stands_comes_first(tmp_path: Path, forge: RecordForge) -> None:
    """Captures of other spellings answer only when the address itself was never captured."""
    other = URL.replace("https://", "http://www.")
    stores = archived(
        tmp_path,
        forge.response(exchange(0), sha256(BODY)),
        forge.response(exchange(5, url=other, body=BODY + b" "), sha256(BODY + b" ")),
    )
    found = {
        url: [one.uri for one in mementos_of(stores, url)]
        for url in (URL, other, URL.replace("https:", "http:"))
    }
    stores.close()

    assert found == {URL: [URL], other: [other], URL.replace("https:", "http:"): [URL, other]}


def test_a_damaged_record_is_told_with_its_place(tmp_path: Path, forge: RecordForge) -> None:
    """Bytes that are no record are never served as one."""
    stores = archived(tmp_path, forge.response(exchange(0), sha256(BODY)))
    row = mementos_of(stores, URL)[0]
    path = stores.blobs.path(row.file)
    data = bytearray(path.read_bytes())
    data[row.offset + row.length // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(RecordDamagedError, match=rf"{row.file} at byte {row.offset}"):
        answer_of(stores, row)
    stores.close()


def test_a_head_is_read_without_the_rest(tmp_path: Path, forge: RecordForge) -> None:
    """The type of a long page is known from its beginning."""
    long = BODY + bytes(range(256)) * 4000
    stores = archived(tmp_path, forge.response(exchange(0, body=long), sha256(long)))
    head = head_of(stores, mementos_of(stores, URL)[0])
    stores.close()

    assert head.header("content-type") == "text/html"
    assert head.status == 200
