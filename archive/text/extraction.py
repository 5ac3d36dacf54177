"""
From the bytes of a page to what it says.

One parse and one walk. Notes are harvested first, from the whole page; then the body is found without them;
last the gate says what the page is, knowing all of that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.model import Extraction, LiveEntry, Note, NoteKind, NotePosition, PageKind
from archive.text.body import HEADINGS, find_body, find_dek, find_lead
from archive.text.captions import find_captions
from archive.text.corrections import stated_corrections
from archive.text.decoding import decode_html, is_garbled
from archive.text.headline import find_headline
from archive.text.kinds import Evidence, kind_of_page
from archive.text.liveblog import entry_elements, find_entries
from archive.text.metadata import Metadata, read_metadata, spoken_language
from archive.text.notes import Harvest, find_notes, harvest_notes
from archive.text.outline import Block
from archive.text.page import Page, parse_page, tidy, words_in
from archive.text.pagination import announced
from archive.text.renditions import announces_more, rendition_of
from archive.text.revisits import is_recognisable, signature_of
from archive.text.second_opinion import second_opinion
from archive.text.surroundings import mark_surroundings
from archive.text.texts import same_words

__all__ = ["Known", "Reading", "extract", "read_again"]

#: Longer pages are not looked at: parsing must stay bounded.
LONGEST = 8 << 20
#: Below so many words the first engine is unsure, and others are asked.
UNSURE = 60
#: A heading that ends in the headline shows it, if that has so many letters.
LONG = 12
READABLE = ("html", "xml", "text/plain", "octet-stream")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says, and how its address is known again when it says it once more."""

    extraction: Extraction
    #: The page's signature; "" when only the full path can tell what it says.
    signature: str = ""
    #: It was known by its signature, and not extracted.
    is_known: bool = False


#: Returns what a signature is known to stand for, or None.
Known = Callable[[str], Extraction | None]


def extract(html: bytes, url: str = "", *, content_type: str | None = None) -> Extraction:
    """
    Say what a page is and what it says. Never raises: a page that breaks it is an `error` that says why.

    Args:
        html: the page as bytes, content coding undone.
        url: where it came from; helps to tell listings from articles, and to complete links.
        content_type: the Content-Type field it came with.
    """
    return read_again(html, url, content_type=content_type).extraction


def read_again(
    html: bytes, url: str, *, content_type: str | None = None, known: Known = lambda _: None
) -> Reading:
    """
    Say what a page says, without extracting it where its signature tells. Never raises.

    Args:
        html: the page as bytes, content coding undone.
        url: where it came from.
        content_type: the Content-Type field it came with.
        known: told a signature of this address, returns what it stands for.
    """
    if len(html) > LONGEST:
        return _failed(f"longer than {LONGEST} bytes")
    if content_type and not any(kind in content_type.lower() for kind in READABLE):
        return _failed(f"{content_type} is no HTML")
    try:
        text = decode_html(html, content_type)
        if not text.strip():
            return Reading(Extraction(page_kind=PageKind.EMPTY))
        return _read(parse_page(text, url), known)
    except (
        RecursionError,
        MemoryError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        OverflowError,
    ) as error:
        # Pages are hostile in ways nobody lists; one of them costs one line, never the batch.
        return _failed(f"{type(error).__name__}: {error}")


def _failed(reason: str) -> Reading:
    return Reading(Extraction(page_kind=PageKind.ERROR, error=reason[:300]))


def _read(page: Page, known: Known) -> Reading:
    """Look at all that is quickly told; go on only where it is not known what follows from it."""
    mark_surroundings(page.outline)
    headline = find_headline(page)
    harvest = harvest_notes(page.outline, None)
    entries = find_entries(page)
    links = announced(page)
    # What a page of several says is not all that its article says.
    signature = "" if entries or links else signature_of(page, headline, harvest)
    if signature and (extraction := known(signature)) is not None:
        return Reading(extraction, signature, is_known=True)
    extraction = _extract(page, read_metadata(page, headline), harvest, entries)
    if links:
        extraction = replace(extraction, pages=links.further, single=links.single)
    return Reading(extraction, signature if signature and is_recognisable(page, extraction) else "")


def _extract(page: Page, stated: Metadata, harvest: Harvest, entries: tuple[LiveEntry, ...]) -> Extraction:
    outline = page.outline
    published = _moment(stated.published_at)
    if harvest.notes and published is not None:
        # Their dates may need the article's.
        harvest = harvest_notes(outline, published)
    apart = harvest.whole | {
        block.number for one in (entry_elements(page) if entries else ()) for block in outline.inside(one)
    }
    body = find_body(outline, apart=apart)
    lead = find_lead(outline, body, apart=apart)
    dek, dek_origin = _dek(page, lead, body, apart)
    captions = find_captions(outline, body)
    said = [stated.headline, dek if dek_origin == "dom" else "", *captions]
    body = [*lead, *body]
    paragraphs = _paragraphs([block for block in body if not _shows(block, stated.headline)], harvest, said)
    notes = _placed(harvest.notes, body)
    engine = "own"
    if words_in(paragraphs) < UNSURE and not entries:
        opinion = second_opinion(
            page, than=words_in([*paragraphs, dek, *captions, *(note.text for note in notes)])
        )
        if opinion is not None:
            engine, paragraphs = opinion
            more = find_notes(paragraphs, published_at=published)
            paragraphs = [one for one in paragraphs if one not in {note.text for note in more}]
            notes += tuple(note for note in more if not any(same_words(note.text, one.text) for one in notes))
            paragraphs = _without_repeats(paragraphs, said)
    stated_only = stated_corrections(page, notes, published)
    notes += stated_only
    kind = kind_of_page(
        page,
        Evidence(
            headline=stated.headline,
            body=body,
            words=words_in(paragraphs),
            has_retraction=any(NoteKind.RETRACTION in note.kinds for note in notes),
            entries=len(entries),
            is_borrowed=engine != "own",
        ),
    )
    language, language_origin = spoken_language(
        stated.language, stated.origins.get("language", ""), " ".join(paragraphs)
    )
    if language:
        stated.origins["language"] = language_origin
    return Extraction(
        page_kind=kind,
        headline=stated.headline,
        dek=dek,
        authors=stated.authors,
        published_at=stated.published_at,
        modified_at=stated.modified_at,
        body=tuple(paragraphs),
        captions=captions,
        notes=notes,
        entries=entries,
        canonical=stated.canonical,
        language=language,
        image=stated.image,
        section=stated.section,
        seo_title=stated.seo_title,
        rendition=rendition_of(page),
        is_split=announces_more(page),
        engine=engine,
        is_garbled=is_garbled(stated.headline + " ".join(paragraphs)),
        origins=_origins(stated, dek_origin, engine, _notes_origin(notes, stated_only)),
    )


def _moment(stated: str | None) -> datetime | None:
    return datetime.fromisoformat(stated) if stated else None


def _dek(page: Page, lead: Sequence[Block], body: Sequence[Block], apart: frozenset[int]) -> tuple[str, str]:
    """Return the standfirst as on the page; else a description somebody wrote, not one cut from the text."""
    first = {block.number for block in lead}
    seen = [block for block in find_dek(page.outline, body, apart=apart) if block.number not in first]
    if seen:
        return seen[0].text, "dom"
    described = page.metas.get("og:description") or page.metas.get("description") or ""
    opening = tidy(" ".join(block.text for block in [*lead, *body][:3]))
    cut = described.rstrip(".… \u00a0")
    if not cut or opening.startswith(cut[:120]):
        return "", ""
    return described, "meta"


def _paragraphs(body: Sequence[Block], harvest: Harvest, said: Sequence[str]) -> list[str]:
    return _without_repeats([harvest.parts.get(block.number, block.text) for block in body], said)


def _without_repeats(paragraphs: Sequence[str], said: Sequence[str]) -> list[str]:
    """Leave out what the page says elsewhere: headline, dek, captions."""
    return [
        text
        for text in paragraphs
        if not any(one and _as_long(one, text) and same_words(text, one) for one in said)
    ]


def _shows(block: Block, headline: str) -> bool:
    """Tell whether a block is the heading that shows the headline, perhaps behind a kicker."""
    return block.element.tag in HEADINGS and len(headline) >= LONG and block.text.endswith(headline)


def _as_long(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 0.2 * len(other) + 8


def _placed(harvested: Sequence[tuple[Note, Block]], body: Sequence[Block]) -> tuple[Note, ...]:
    """Say of each note whether it stands above, within or below the article's text."""
    if not body:
        return tuple(note for note, _ in harvested)
    first, last = body[0].number, body[-1].number

    def place(block: Block) -> NotePosition:
        if block.number < first:
            return NotePosition.TOP
        return NotePosition.INLINE if block.number < last else NotePosition.BOTTOM

    return tuple(replace(note, position=place(block)) for note, block in harvested)


def _notes_origin(notes: Sequence[Note], stated_only: Sequence[Note]) -> str:
    """Say where the notes stand: on the page, in its data, or some here and some there."""
    if not stated_only:
        return "dom" if notes else ""
    return "json-ld" if len(notes) == len(stated_only) else "dom, json-ld"


def _origins(stated: Metadata, dek: str, engine: str, notes: str) -> tuple[tuple[str, str], ...]:
    """Say of every value where it came from."""
    found = {**stated.origins, "body": {"own": "dom", "json-ld": "json-ld"}.get(engine, "dom")}
    if dek:
        found["dek"] = dek
    if notes:
        found["notes"] = notes
    return tuple(sorted(found.items()))
