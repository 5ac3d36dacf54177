"""Records: what the server sent comes out of the file byte for byte."""

import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import sha256
from archive.model import Exchange
from archive.warc.reader import read_member
from archive.warc.records import RecordForge, Refers, warc_date

AT = datetime(2026, 11, 24, 10, 0, 0, 123456, tzinfo=UTC)

#: Header bytes as servers may send them: anything but line ends.
names = st.binary(min_size=1, max_size=20).filter(lambda name: not set(name) & set(b"\r\n: \t\0"))
values = st.binary(max_size=60).filter(lambda value: not set(value) & set(b"\r\n"))


def forge() -> RecordForge:
    """Return a forge whose ids count up."""
    numbers = iter(range(1, 10_000))
    return RecordForge(lambda: f"<urn:test:{next(numbers)}>")


def exchange(**changes: object) -> Exchange:
    """Return an ordinary exchange."""
    values: dict[str, object] = {
        "url": "https://paper.example/a?b=1",
        "method": "GET",
        "at": AT,
        "request_headers": ((b"Host", b"paper.example"),),
        "status": 200,
        "reason": b"OK",
        "response_headers": ((b"Content-type", b"text/html"),),
        "body": b"<p>hello</p>",
        "ip": "192.0.2.7",
    }
    return Exchange(**(values | changes))  # type: ignore[arg-type]  # test data by name


@given(headers=st.lists(st.tuples(names, values), max_size=6), body=st.binary(max_size=3000), reason=values)
def test_a_response_reads_back_byte_for_byte(
    headers: list[tuple[bytes, bytes]], body: bytes, reason: bytes
) -> None:
    """Status line, header order and case, and body come out as they went in."""
    sent = exchange(response_headers=tuple(headers), body=body, reason=reason)

    record = forge().response(sent, sha256(body))
    read = read_member(zlib.decompress(record.member, 31))

    head = b"HTTP/1.1 200 " + reason + b"\r\n" + b"".join(n + b": " + v + b"\r\n" for n, v in headers)
    assert head + b"\r\n" + body == read.block
    assert sha256(read.block) == read.fields["warc-block-digest"]
    assert sha256(body) == read.payload_digest


def test_a_record_is_one_gzip_member() -> None:
    """Nothing follows the member, so that one range read gives one record."""
    inflate = zlib.decompressobj(31)

    inflate.decompress(forge().response(exchange(), "sha256:00").member)

    assert inflate.eof
    assert not inflate.unused_data


@pytest.mark.parametrize(
    ("status", "profile"),
    [
        pytest.param(200, "identical-payload-digest", id="same payload"),
        pytest.param(304, "server-not-modified", id="not modified"),
    ],
)
def test_a_revisit_names_what_it_refers_to(status: int, profile: str) -> None:
    """A revisit carries profile, record id, address and date of the response that holds its payload."""
    refers = Refers(
        record_id="<urn:test:0>", uri="https://paper.example/a?b=1", at=AT, payload_digest="sha256:ab"
    )

    record = forge().revisit(exchange(status=status, body=b""), refers)
    read = read_member(zlib.decompress(record.member, 31))

    assert read.fields["warc-profile"].endswith(profile)
    assert ("<urn:test:0>", "https://paper.example/a?b=1", warc_date(AT), "sha256:ab") == (
        read.fields["warc-refers-to"],
        read.fields["warc-refers-to-target-uri"],
        read.fields["warc-refers-to-date"],
        read.fields["warc-payload-digest"],
    )


def test_a_request_is_tied_to_its_answer() -> None:
    """The request record names the answer's record, and holds the request as it was sent."""
    record = forge().request(exchange(), "<urn:test:9>")
    read = read_member(zlib.decompress(record.member, 31))

    assert read.fields["warc-concurrent-to"] == "<urn:test:9>"
    assert read.block == b"GET /a?b=1 HTTP/1.1\r\nHost: paper.example\r\n\r\n"


def test_dates_keep_their_microseconds() -> None:
    """WARC-Date has microseconds, so that two captures of a second keep their order."""
    read = read_member(zlib.decompress(forge().response(exchange(), "sha256:00").member, 31))

    assert read.date == AT
