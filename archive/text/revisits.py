"""
The fast path for revisits: tells that a page says what it said, without extracting it again.

A page's signature is a digest of all that extraction goes by: what its head states, its headline and notes, and the
lines that may be of the article, each with the elements it stands in. What stands around the article and inside it
without being of it is left out, for extraction does not look at it either once it is marked. Two pages of one
address with one signature have one text; the full path would only find it again.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from archive.digests import sha256_hex
from archive.model import Extraction, NoteKind, PageKind
from archive.text import captions
from archive.text.body import (
    LONGEST_DEK,
    is_card_heading,
    is_dek_name,
    is_link_list,
    prose_of,
    telling_name,
)
from archive.text.kinds import BEGINNING, SHORT, says_article
from archive.text.lines import is_advert_label
from archive.text.notes import Harvest
from archive.text.outline import Block, Element, Outline
from archive.text.page import Page, words_in
from archive.text.people import is_outlet
from archive.text.renditions import announces_more, rendition_of
from archive.text.surroundings import is_article_name

__all__ = ["VOLATILE", "is_recognisable", "signature_of"]

#: Hexadecimal digits of a signature.
LENGTH = 32
#: Marks of what extraction reads all the same; blocks under all others say nothing but notes, which are found first.
READ = frozenset({"", "header", "headline", "caption", "picture"})
#: Where a value must be stated for the page's own lines not to matter to it.
DATA = frozenset({"json-ld", "meta"})
#: Parts of names of meta fields that differ at every load; nothing is read from such fields.
VOLATILE = (
    "csrf", "token", "nonce", "request", "session", "generated", "build", "cache", "viewport", "theme", "verification", "og:image", "twitter:image",
)  # fmt: skip
#: A text begins so few blocks behind its headline; it has begun with so many paragraphs.
NEAR, FIRST_LINES = 60, 8


def is_recognisable(page: Page, found: Extraction) -> bool:
    """
    Tell whether a page's signature stands for what it was found to say.

    Not that of a short text, which is weighed against the rest of its page; nor where dates or authors are read from
    lines that the signature leaves out.
    """
    if found.page_kind is not PageKind.ARTICLE or found.engine != "own" or found.is_garbled or found.entries:
        return False
    if words_in(list(found.body)) <= max(BEGINNING, SHORT):
        return False
    if any(NoteKind.RETRACTION in note.kinds for note in found.notes):
        return False
    origins = dict(found.origins)
    return (
        origins.get("published_at") in DATA
        and found.published_at is not None
        and datetime.fromisoformat(found.published_at).tzinfo is not None
        and origins.get("authors") in DATA
        and not all(is_outlet(page, name) for name in found.authors)
    )


def signature_of(page: Page, headline: tuple[str, str], harvest: Harvest) -> str:
    """
    Return the digest of all that extraction goes by; "" for a page that is no plain article.

    Args:
        page: the page, its surroundings marked; it is no live blog.
        headline: its headline, and where it stands.
        harvest: its notes.
    """
    if not page.h1s or not says_article(page) or page.is_live_data:
        return ""
    outline = page.outline
    tops = [block.number for top in page.h1s for block in outline.inside(top)]
    if not _begins_with(outline, tops):
        return ""
    said = (_rules(), page.url, headline, _head(page), _lines(outline, harvest))
    return sha256_hex(repr(said).encode("utf-8", "surrogatepass"))[:LENGTH]


def _begins_with(outline: Outline, tops: Sequence[int]) -> bool:
    """Tell whether the text follows a top heading closely: else it is asked which lower headings stand before it."""
    if not tops:
        return False
    running = 0
    for block in outline.blocks:
        if not block.element.mark and prose_of(block):
            behind = bisect_left(tops, block.number)
            if not behind or block.number - tops[behind - 1] > NEAR:
                return False
            running += 1
            if running == FIRST_LINES:
                break
    return running > 0


@cache
def _rules() -> str:
    """Return a digest of the rules of extraction: what older ones found is not believed."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *here.glob("languages/*.toml")])
    return sha256_hex(b"".join(file.read_bytes() for file in files))


def _head(page: Page) -> tuple[object, ...]:
    """Return what the page states beside its text."""
    outline = page.outline
    metas = [
        (
            meta.get("property"),
            meta.get("name"),
            meta.get("itemprop"),
            meta.get("http-equiv"),
            meta.get("content"),
        )
        for meta in outline.metas
        if not _is_volatile(meta)
    ]
    canonical = [link.get("href") for link in outline.links if "canonical" in (link.get("rel") or "").lower()]
    dates = [
        (one.tag, one.attributes.get("datetime"), one.attributes.get("content"))
        for one in outline.elements
        if "itemprop" in one.attributes and "dateModified" in (one.attributes["itemprop"] or "")
    ]
    root = outline.root
    spoken = root.get("lang"), root.get("xml:lang")
    form = rendition_of(page), announces_more(page)
    return metas, canonical, dates, spoken, form, outline.title, outline.data


def _is_volatile(meta: dict[str, str | None]) -> bool:
    named = (meta.get("property") or meta.get("name") or "").lower()
    return any(part in named for part in VOLATILE)


def _lines(outline: Outline, harvest: Harvest) -> tuple[object, ...]:
    """Return the lines that may be of the article and the elements they stand in, notes and captions among them."""
    tops = [one for one in outline.elements if one.tag == "h1"]
    end = max((block.number for top in tops for block in outline.inside(top)), default=-1)
    read = [
        block
        for block in outline.blocks
        if block.element.mark in READ
        or (block.number <= end and any(top.holds(block.element) for top in tops))
    ]
    before = sum(prose_of(block) for block in read if block.number <= end and not block.element.mark)
    # With text in front of the headline it is asked which of the two is more.
    shape = _Shape(weighs=before > 0)
    lines = [
        (shape.number_of(block.element), block.text, block.linked, block.number in harvest.whole, harvest.parts.get(block.number), _place(outline, block))
        for block in read
    ]  # fmt: skip
    index = _Index(read)
    notes = [(note.text, note.kinds, index.of(block.number)) for note, block in harvest.notes]
    empty = [(shape.number_of(top), index.of(top.first)) for top in tops if not outline.text(top)]
    return lines, shape.elements, notes, empty, list(_captions(outline, index))


class _Shape:
    """The elements around the lines, numbered as they are met, each with all that is asked of it."""

    def __init__(self, *, weighs: bool) -> None:
        self.elements: list[tuple[object, ...]] = []
        self._numbers: dict[Element, int] = {}
        self._names: dict[str, int] = {}
        self._weighs = weighs

    def number_of(self, element: Element) -> int:
        """Return an element's number; those above it get theirs first."""
        new = []
        one: Element | None = element
        while one is not None and one not in self._numbers:
            new.append(one)
            one = one.up
        for unknown in reversed(new):
            self._add(unknown)
        return self._numbers[element]

    def _add(self, element: Element) -> None:
        up = self._numbers[element.up] if element.up is not None else -1
        name, telling = element.name, telling_name(element)
        # Names differ from load to load; what counts is what they name, and which are alike.
        alike = self._names.setdefault(telling, len(self._names)) if telling else -1
        is_dek = bool(name) and is_dek_name(name) and element.prose <= LONGEST_DEK
        asked = (is_article_name(name), is_dek, captions.is_caption_name(name)) if name else ()
        weight = element.prose if self._weighs else 0
        self.elements.append((up, element.tag, element.mark, alike, asked, weight))
        self._numbers[element] = len(self._numbers)


class _Index:
    """Where something stands among the lines."""

    def __init__(self, read: Sequence[Block]) -> None:
        self._numbers = [block.number for block in read]

    def of(self, number: int) -> tuple[int, bool]:
        at = bisect_left(self._numbers, number)
        return at, at < len(self._numbers) and self._numbers[at] == number


def _place(outline: Outline, block: Block) -> tuple[object, ...]:
    """Return what is asked of a line about the lines beside it, read or not: of links and of labels."""
    asked: tuple[object, ...] = ()
    if block.linked:
        asked = (is_link_list(outline, block),)
    if is_advert_label(block.text) or is_card_heading(block):
        chain = (block.element, *block.element.above())
        asked += tuple((block.number > one.first + 1, one.prose) for one in chain)
    return asked


def _captions(outline: Outline, index: _Index) -> Iterator[tuple[object, ...]]:
    taken: Element | None = None
    for element in outline.elements:
        if captions.may_be_caption(element):
            linked = any(block.is_linked for block in outline.inside(element))
            yield (
                index.of(element.first),
                outline.text(element),
                linked,
                taken is not None and taken.holds(element),
            )
            taken = element
