"""
From the bytes of a page to what it says.

One parse. Notes are harvested first, from the whole document; then surroundings go, then the body is found;
last the gate says what the page is, knowing all of that.
"""

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import lxml.html

from archive.model import Extraction, Note, NoteKind, NotePosition, PageKind
from archive.text.body import Paragraph, find_body
from archive.text.decoding import decode_html, is_garbled
from archive.text.kinds import Evidence, kind_of_page
from archive.text.liveblog import drop_entries, find_entries
from archive.text.metadata import Metadata, read_metadata, same_words
from archive.text.notes import find_notes, note_elements
from archive.text.page import Page, PageError, parse_page, tidy
from archive.text.renditions import announces_more, rendition_of
from archive.text.second_opinion import second_opinion
from archive.text.surroundings import strip_surroundings

__all__ = ["extract"]

#: Longer pages are not looked at: parsing must stay bounded.
LONGEST = 8 << 20
#: Below so many words the first engine is unsure, and others are asked.
UNSURE = 60


def extract(html: bytes, *, url: str = "", content_type: str | None = None) -> Extraction:
    """
    Say what a page is and what it says. Never raises: a page that breaks it is an `error` that says why.

    Args:
        html: the page as bytes, content coding undone.
        url: where it came from; helps to tell listings from articles, and to complete links.
        content_type: the Content-Type field it came with.
    """
    if len(html) > LONGEST:
        return _failed(f"longer than {LONGEST} bytes")
    if content_type and not any(
        kind in content_type.lower() for kind in ("html", "xml", "text/plain", "octet-stream")
    ):
        return _failed(f"{content_type} is no HTML")
    try:
        text = decode_html(html, content_type)
        if not text.strip():
            return Extraction(page_kind=PageKind.EMPTY)
        return _extract(parse_page(text, url))
    except PageError as error:
        return _failed(str(error))
    except (RecursionError, MemoryError, ValueError, TypeError, LookupError, AttributeError) as error:
        # Pages are hostile in ways nobody lists; one of them costs one line, never the batch.
        return _failed(f"{type(error).__name__}: {error}")


def _failed(reason: str) -> Extraction:
    return Extraction(page_kind=PageKind.ERROR, error=reason[:300])


def _extract(page: Page) -> Extraction:
    stated = read_metadata(page)
    entries = find_entries(page)
    work = copy.deepcopy(page.tree)
    order = {element: number for number, element in enumerate(work.iter())}
    harvested = note_elements(work, _published(stated))
    for element, _ in harvested:
        if element.getparent() is not None:
            element.drop_tree()
    if entries:
        drop_entries(work)
    strip_surroundings(work)
    found = find_body(work)
    paragraphs = _own_text(found, stated)
    notes = _placed(harvested, found, order)
    engine = "own"
    if _words(paragraphs) < UNSURE and not entries:
        opinion = second_opinion(page, work, than=_words(paragraphs))
        if opinion is not None:
            engine, paragraphs = opinion
            more = find_notes(paragraphs, published_at=_published(stated))
            paragraphs = [one for one in paragraphs if one not in {note.text for note in more}]
            notes += tuple(note for note in more if not any(same_words(note.text, one.text) for one in notes))
            paragraphs = _without_repeats(paragraphs, stated)
    kind = kind_of_page(page, _evidence(stated, paragraphs, notes, len(entries)))
    return Extraction(
        page_kind=kind,
        headline=stated.headline,
        dek=_own_dek(stated.dek, paragraphs),
        authors=stated.authors,
        published_at=stated.published_at,
        modified_at=stated.modified_at,
        body=tuple(paragraphs),
        captions=stated.captions,
        notes=notes,
        entries=entries,
        canonical=stated.canonical,
        language=stated.language,
        image=stated.image,
        section=stated.section,
        seo_title=stated.seo_title,
        rendition=rendition_of(page),
        is_split=announces_more(page),
        engine=engine,
        is_garbled=is_garbled(stated.headline + " ".join(paragraphs)),
    )


def _published(stated: Metadata) -> datetime | None:
    if stated.published_at is None:
        return None
    return datetime.fromisoformat(stated.published_at)


def _own_text(found: Sequence[Paragraph], stated: Metadata) -> list[str]:
    return _without_repeats([text for _, text in found], stated)


def _without_repeats(paragraphs: Sequence[str], stated: Metadata) -> list[str]:
    """Leave out what the page says elsewhere: headline, dek, captions."""
    said = [stated.headline, stated.dek, *stated.captions]
    return [text for text in paragraphs if not any(one and same_words(text, one) for one in said)]


def _own_dek(dek: str, paragraphs: Sequence[str]) -> str:
    """Return a dek that somebody wrote; a description cut from the first paragraphs is none."""
    opening = tidy(" ".join(paragraphs[:3]))
    cut = dek.rstrip(".… \u00a0")
    return "" if cut and opening.startswith(cut[:120]) else dek


def _placed(
    harvested: Sequence[tuple[lxml.html.HtmlElement, Note]],
    body: Sequence[Paragraph],
    order: dict[lxml.html.HtmlElement, int],
) -> tuple[Note, ...]:
    """Say of each note whether it stands above, within or below the article's text."""
    if not body:
        return tuple(note for _, note in harvested)
    first, last = order.get(body[0][0], 0), order.get(body[-1][0], 0)

    def place(element: lxml.html.HtmlElement) -> NotePosition:
        here = order.get(element, 0)
        if here < first:
            return NotePosition.TOP
        return NotePosition.INLINE if here < last else NotePosition.BOTTOM

    return tuple(replace(note, position=place(element)) for element, note in harvested)


def _evidence(stated: Metadata, paragraphs: Sequence[str], notes: Sequence[Note], entries: int) -> Evidence:
    return Evidence(
        headline=stated.headline,
        body_words=_words(paragraphs),
        paragraphs=len(paragraphs),
        has_retraction=any(NoteKind.RETRACTION in note.kinds for note in notes),
        entries=entries,
    )


def _words(paragraphs: Sequence[str]) -> int:
    """Count words; ideographs count in pairs."""
    text = " ".join(paragraphs)
    return len(text.split()) + sum("\u3040" <= character <= "\u9fff" for character in text) // 2
