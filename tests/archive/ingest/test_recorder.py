"""The recorder: what it acknowledges is in the WARC, and says what it should."""

import gzip
import json
import resource
import zlib
from collections.abc import Iterator

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalog import captures
from archive.digests import sha256
from archive.errors import BlobStoreError
from archive.ingest import Keep, Recorder, StorePolicy
from archive.model import RecordType, Verdict
from archive.opening import Stores
from archive.reading import verify
from archive.warc.members import Member, walk_members
from archive.warc.reader import ReadRecord, read_member, read_record
from tests.archive.paper import STORY, exchange, fetches, page, record, story, unanswered

CODINGS = {
    "": bytes,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=2),
}


def written(stores: Stores) -> Iterator[ReadRecord]:
    """Yield every record of the home."""
    for name in stores.blobs.names():
        for member in walk_members(stores.blobs.pieces(name)):
            assert isinstance(member, Member)
            yield read_member(member.data)


def test_a_day_gets_the_right_verdicts(stores: Stores) -> None:
    """Every kind of capture is judged, and the failed one before the first belongs to the article too."""
    record(stores, story())

    with stores.catalogue.reading() as connection:
        found = list(captures.stream_captures(connection, captures.CaptureFilter()))

    assert [one.verdict for one in found] == [
        "blocked", "first", "unchanged", "unchanged", "edit", "unchanged", "missing", "missing", "removed",
        "restored", "unchanged", "moved", "first", "suspect",
    ]  # fmt: skip
    assert found[0].article == found[1].article


def test_a_new_page_is_five_records_in_a_row(stores: Stores) -> None:
    """A file begins with warcinfo; an answer is followed by its request, its metadata and its text."""
    record(stores, [exchange(page())])

    info, answer, request, metadata, conversion = written(stores)

    assert [one.type for one in (info, answer, request, metadata, conversion)] == [
        "warcinfo",
        "response",
        "request",
        "metadata",
        "conversion",
    ]
    assert answer.id == request.fields["warc-concurrent-to"]
    assert {answer.id} == {metadata.fields["warc-refers-to"], conversion.fields["warc-refers-to"]}
    assert "warc-payload-digest" not in metadata.fields
    assert b"software: lateedition/test" in info.block
    assert conversion.block.startswith(b"Nine people speak at the town hall\n\n")
    assert json.loads(metadata.block)["source"]["name"] == "paper"


def test_an_unchanged_page_costs_little(stores: Stores) -> None:
    """All records together of an unchanged page, full answer or 304, stay under 1.5 KB."""
    headers = (
        (b"Content-Type", b"text/html; charset=utf-8"),
        (b"Date", b"Thu, 19 Jul 2018 12:00:00 GMT"),
        (b"Server", b"nginx"),
        (b"Cache-Control", b"public, max-age=60, stale-while-revalidate=600"),
        (b"ETag", b'W/"5f3a-7be1c0d0a9b2"'),
        (b"Last-Modified", b"Thu, 19 Jul 2018 10:00:00 GMT"),
        (b"Vary", b"Accept-Encoding, Cookie"),
        (b"X-Served-By", b"cache-fra-1234, cache-ams-5678"),
        (b"Strict-Transport-Security", b"max-age=31536000; includeSubDomains"),
    )
    record(stores, [exchange(page(), response_headers=headers)])
    before = sum(stores.blobs.size(name) or 0 for name in stores.blobs.names())

    record(
        stores,
        [
            exchange(page(), after=1, response_headers=headers),
            exchange(after=2, status=304, response_headers=headers[1:]),
        ],
        close=False,
    )
    after = sum(stores.blobs.size(name) or 0 for name in stores.blobs.names())
    warcinfo = 400

    assert (after - before - warcinfo) / 2 < 1500


def test_what_never_answered_is_kept(stores: Stores) -> None:
    """A request alone is evidence: it is a capture, and its metadata says why nothing came."""
    (done,) = record(stores, [unanswered()])

    records = list(written(stores))

    assert Verdict.BLOCKED is done.verdict
    assert [one.type for one in records] == ["warcinfo", "request", "metadata"]
    assert json.loads(records[2].block)["capture"] == {"problem": "timeout", "detail": "30 s"}


def test_a_304_refers_to_the_answer_it_confirms(stores: Stores) -> None:
    """The profile is server-not-modified, and the record named is the last full answer."""
    record(
        stores,
        [
            exchange(page(), after=0),
            exchange(page("Ten"), after=1),
            exchange(after=2, status=304, response_headers=()),
        ],
    )

    answers = {one.date: one for one in written(stores) if one.type == "response"}
    (revisit,) = [one for one in written(stores) if one.type == "revisit"]

    assert revisit.fields["warc-profile"].endswith("server-not-modified")
    assert answers[max(answers)].id == revisit.fields["warc-refers-to"]


def test_two_looks_at_one_address_in_a_batch(stores: Stores) -> None:
    """The second of two equal answers in one batch is a revisit of the first."""
    recorder = Recorder(stores, software="lateedition/test")

    done = recorder.store(fetches(stores, [exchange(page()), exchange(page(), after=1)]))
    recorder.close()

    assert [one.verdict for one in done] == [Verdict.FIRST, Verdict.UNCHANGED]
    assert [one.type for one in written(stores)].count("revisit") == 1


def test_a_batch_out_of_order_is_judged_in_order(stores: Stores) -> None:
    """Captures of one batch are judged by their dates, and answered in the batch's order."""
    recorder = Recorder(stores, software="lateedition/test")
    amp = STORY + "?utm_source=feed"

    done = recorder.store(
        fetches(stores, [exchange(page("Ten"), after=1, uri=amp), exchange(page(), after=0)])
    )
    recorder.close()

    assert [one.verdict for one in done] == [Verdict.EDIT, Verdict.FIRST]


def test_only_changes_are_kept_if_that_is_wished(stores: Stores) -> None:
    """With `keep = changes` a new payload with the same article is kept as a metadata record with its digest only."""
    noisy = [exchange(page(noise=f"<!-- {number} -->"), after=number) for number in range(4)]
    edited = [exchange(page("Ten"), after=5), exchange(page("Ten", noise="<!-- x -->"), after=6)]
    after = [exchange(page("Ten", noise="<!-- y -->"), after=7), exchange(after=8, status=304)]

    record(stores, noisy + edited + after, policy=StorePolicy(keep=Keep.CHANGES))
    with stores.catalogue.reading() as connection:
        found = list(captures.stream_captures(connection, captures.CaptureFilter()))

    assert [one.verdict for one in found] == [
        "first",
        "unchanged",
        "unchanged",
        "unchanged",
        "edit",
        "unchanged",
        "unchanged",
        "unchanged",
    ]
    # The capture that confirms the edit is kept whole: it is evidence.
    kept = [RecordType.RESPONSE] + [RecordType.REQUEST_ONLY] * 3 + [RecordType.RESPONSE] * 2
    assert kept + [RecordType.REQUEST_ONLY] * 2 == [one.record.type for one in found]
    assert found[2].payload_digest == sha256(noisy[2].body)
    assert verify(stores, deep=True).ok


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=4000),
    coding=st.sampled_from(sorted(CODINGS)),
    headers=st.lists(
        st.tuples(
            st.binary(min_size=1, max_size=12).filter(lambda name: not set(name) & set(b"\r\n: \t\0")),
            st.binary(max_size=40).filter(lambda value: not set(value) & set(b"\r\n")),
        ).filter(lambda pair: pair[0].lower() not in (b"transfer-encoding", b"content-encoding")),
        max_size=4,
    ),
    status=st.sampled_from([200, 200, 404, 500]),
    number=st.integers(0, 1 << 60),
)
def test_what_is_written_reads_back_equal(
    stores: Stores,
    body: bytes,
    coding: str,
    headers: list[tuple[bytes, bytes]],
    status: int,
    number: int,
) -> None:
    """Bytes and digests come back as they were sent: any coding, empty bodies, zero bytes, headers of odd bytes."""
    coded = CODINGS[coding](body)
    fields = (*headers, *([(b"Content-Encoding", coding.encode())] if coding else []))
    sent = exchange(
        coded,
        uri=f"https://paper.example/{number:x}",
        status=status,
        response_headers=fields,
        after=number % 1000,
    )

    (done,) = record(stores, [sent], close=False)
    with stores.catalogue.reading() as connection:
        found = captures.capture_by_id(connection, done.id)
    assert found is not None
    place = found.record
    assert place.file is not None
    read = read_record(stores.blobs, place.file.removesuffix(".open"), place.offset or 0, place.length or 0)

    if place.type is RecordType.RESPONSE:
        head = f"HTTP/1.1 {status} OK\r\n".encode() + b"".join(n + b": " + v + b"\r\n" for n, v in fields)
        assert head + b"\r\n" + coded == read.block
    assert sha256(coded) == read.payload_digest == found.payload_digest
    assert sha256(read.block) == read.fields["warc-block-digest"]
    assert body == read.http().decoded().data or place.type is RecordType.REVISIT


def test_a_full_disk_acknowledges_nothing(stores: Stores) -> None:
    """When the bytes find no room nothing is listed, and the next batch finds the file as it was."""
    recorder = Recorder(stores, software="lateedition/test")
    recorder.store(fetches(stores, [exchange(page())]))
    (name,) = stores.blobs.names()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, ((stores.blobs.size(name) or 0) + 700, limits[1]))
    try:
        with pytest.raises(BlobStoreError, match="may not grow further"):
            recorder.store(fetches(stores, [exchange(page("Ten"), after=1)]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    recorder.store(fetches(stores, [exchange(page("Eleven"), after=2)]))
    recorder.close()
    report = verify(stores, deep=True)

    assert (report.ok, report.captures, report.orphans) == (True, 2, 0)
