"""Citations and evidence: what was seen when, and where anyone can check it."""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import BlobStoreError, UnknownEventError, UnknownUrlError
from archive.model import Event, EventKind
from archive.opening import Stores
from archive.reading import Archive
from archive.reading.citations import FORMATS, as_bibtex, as_json_ld, as_text, cite_article, cite_event
from archive.reading.citations import _escaped as escaped
from archive.reading.evidence import write_evidence
from tests.archive.paper import START, STORY, record, story

BASE = "https://archive.example/"


@pytest.fixture
def archive(stores: Stores) -> Archive:
    """An archive that holds a day in an article's life."""
    record(stores, story())
    return Archive(stores)


def edit(archive: Archive) -> Event:
    """Return the article's edit."""
    return next(one for one in archive.edits() if one.kind is EventKind.EDIT)


def test_an_article_is_cited_as_it_was_seen(archive: Archive) -> None:
    """Headline, outlet, time, digest and the address of the memento; another time gives another version."""
    first = cite_article(archive, STORY, at=START.replace(hour=11), base=BASE)
    last = cite_article(archive, STORY, at=None, base=BASE)
    said = as_text(first)

    assert "Nine people speak" in said
    assert "paper" in said
    assert "https://archive.example/web/20180719110000/" + STORY in said
    assert str(first.seen.digest) in said
    assert "Ten people speak" in as_text(last)
    assert first.key == "paper20180719110000"


def test_an_edit_is_cited_by_both_captures(archive: Archive) -> None:
    """Nothing is claimed but that it happened between two captures."""
    citation = cite_event(archive, edit(archive).id, base=BASE)
    stamps = re.findall(r"/web/(\d{14})", as_text(citation))
    values = json.loads(as_json_ld(citation))

    assert len(set(stamps)) == 2
    assert values["@type"] == "UpdateAction"
    assert values["startTime"] < values["endTime"]
    assert set(re.findall(r"/web/(\d{14})", as_bibtex(citation))) == set(stamps)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_form_names_the_memento(archive: Archive, form: str) -> None:
    """A reader finds the archived page whatever the form."""
    assert "/web/20180719110000/" in FORMATS[form](
        cite_article(archive, STORY, at=START.replace(hour=11), base=BASE)
    )


def test_what_was_never_seen_cannot_be_cited(archive: Archive) -> None:
    """Before the first capture, an unknown address, an unknown event: said, not invented."""
    with pytest.raises(UnknownUrlError):
        cite_article(archive, STORY, at=START.replace(year=2001), base=BASE)
    with pytest.raises(UnknownUrlError):
        cite_article(archive, "https://nobody.example/", at=None, base=BASE)
    with pytest.raises(UnknownEventError):
        cite_event(archive, "0" * 32, base=BASE)


@given(st.text())
def test_no_headline_breaks_bibtex(headline: str) -> None:
    """Braces stay in pairs and no sign is left that TeX would read as a command."""
    said = escaped(headline)
    plain = re.sub(r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\[{}#$%&_]", "", said)

    assert not set(plain) & set("\\{}#$%&_~^")


def test_evidence_holds_both_captures(archive: Archive, stores: Stores, tmp_path: Path) -> None:
    """Anyone can check it with other tools: every digest fits, and both states are in it."""
    event = edit(archive)
    report = write_evidence(stores, event.id, tmp_path / "e.wacz", software="lateedition/test")

    assert report.captures == 2
    with zipfile.ZipFile(tmp_path / "e.wacz") as package:
        described = json.loads(package.read("datapackage.json"))
        for one in described["resources"]:
            data = package.read(one["path"])
            assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        facts = json.loads(package.read("evidence/event.json"))
        warc = io.BytesIO(package.read("archive/data.warc.gz"))
        readme = package.read("evidence/README.md").decode()
    ids = {
        one.rec_headers.get_header("WARC-Record-ID")
        for one in ArchiveIterator(warc, check_digests="raise")
        if one.content_stream().read() is not None
    }
    assert {capture["record"]["id"] for capture in facts["captures"]} <= ids
    assert facts["event"]["event"] == event.id
    assert "warcio check" in readme


def test_evidence_is_the_same_every_time(archive: Archive, stores: Stores, tmp_path: Path) -> None:
    """The same event gives the same bytes."""
    for name in ("one", "two"):
        write_evidence(stores, edit(archive).id, tmp_path / name, software="lateedition/test")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_no_evidence_no_file(archive: Archive, stores: Stores, tmp_path: Path) -> None:
    """An unknown event, or a folder that is not there, leaves nothing."""
    with pytest.raises(UnknownEventError):
        write_evidence(stores, "nonsense", tmp_path / "e.wacz", software="x")
    with pytest.raises(BlobStoreError):
        write_evidence(stores, edit(archive).id, tmp_path / "no" / "e.wacz", software="x")

    assert list(tmp_path.glob("*.wacz*")) == []
