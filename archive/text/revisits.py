"""
The fast path for revisits: tells that a page says what it said, without extracting it.

Compared are the text of the element that holds the article, what the head states, and the lines of the rest of the
page that could be a note or a wall. Whatever differs in one of them, or is not known, is left to the full path.
"""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.digests import sha256_hex
from archive.model import Extraction, PageKind
from archive.text.decoding import decode_html
from archive.text.notes import may_admit
from archive.text.outline import tidy
from archive.text.page import words_in
from archive.text.wording import wording

__all__ = ["Fingerprint", "fingerprint_of", "says_the_same"]

#: Articles shorter than this are weighed against the rest of their page; they take the full path.
FEWEST_WORDS = 120
FEWEST_PARAGRAPHS = 3
#: Articles shorter than this may be the beginning in front of a wall.
BEGINNING = 500
HEAD = "title, meta[property], meta[name], meta[itemprop], link[rel~=canonical], script[type*='ld+json']"
#: Meta fields that differ at every load and say nothing of the article.
VOLATILE = re.compile(
    r"csrf|token|nonce|request|session|generated|build|cache|timestamp|viewport|theme|verification",
    re.IGNORECASE,
)
UNSEEN = ["script", "style", "noscript", "template", "svg", "iframe", "select"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What the fast path knows of a page whose extraction is known."""

    #: Tag, class and place among its like of the element that holds headline and text.
    tag: str
    name: str
    place: int
    #: Digests of that element's text and of what the head states.
    text: str
    head: str
    #: Digests of all lines that were seen; new ones are looked at.
    lines: frozenset[str]
    #: Digests of the lines that could be notes: they must still be there.
    notes: frozenset[str]
    words: int


def fingerprint_of(html: bytes, known: Extraction, *, content_type: str | None = None) -> Fingerprint | None:
    """
    Return what the fast path needs to know of a page, or None where only the full path can tell.

    Args:
        html: the page as bytes.
        known: what the full path made of these bytes.
        content_type: the Content-Type field it came with.
    """
    words = words_in(list(known.body))
    if known.page_kind is not PageKind.ARTICLE or known.engine != "own" or known.entries:
        return None
    if words < FEWEST_WORDS or len(known.body) < FEWEST_PARAGRAPHS:
        return None
    tree = _tree(html, content_type)
    holder = _holder(tree, known)
    if holder is None:
        return None
    tag, name = holder.tag or "", _name(holder)
    alike = _alike(tree, tag, name)
    lines = _lines(tree)
    return Fingerprint(
        tag=tag,
        name=name,
        place=next(number for number, one in enumerate(alike) if one.mem_id == holder.mem_id),
        text=_text_digest(holder),
        head=_head_digest(tree),
        lines=frozenset(map(_digest, lines)),
        notes=frozenset(_digest(line) for line in lines if may_admit(line)),
        words=words,
    )


def says_the_same(html: bytes, known: Fingerprint, *, content_type: str | None = None) -> bool:
    """Tell whether a page certainly says what it said; False means that only the full path can tell."""
    tree = _tree(html, content_type)
    alike = _alike(tree, known.tag, known.name)
    if known.place >= len(alike) or _text_digest(alike[known.place]) != known.text:
        return False
    if _head_digest(tree) != known.head:
        return False
    seen: set[str] = set()
    for line in _lines(tree):
        digest = _digest(line)
        seen.add(digest)
        if digest not in known.lines and (may_admit(line) or (known.words <= BEGINNING and _is_wall(line))):
            return False
    return known.notes <= seen


def _tree(html: bytes, content_type: str | None) -> LexborHTMLParser:
    return LexborHTMLParser(decode_html(html, content_type))


def _holder(tree: LexborHTMLParser, known: Extraction) -> LexborNode | None:
    """Return the smallest element that holds headline, standfirst, text and captions."""
    wanted = [
        one
        for one in (
            known.headline,
            known.dek if ("dek", "dom") in known.origins else "",
            *known.body,
            *known.captions,
        )
        if one
    ]
    here = tree.body
    if here is None or not _holds(here, wanted):
        return None
    while True:
        child = here.first_child
        while child is not None and not (child.is_element_node and _holds(child, wanted)):
            child = child.next
        if child is None:
            return here if here.tag != "body" else None
        here = child


def _holds(node: LexborNode, wanted: list[str]) -> bool:
    text = tidy(node.text(separator=""))
    return all(one in text for one in wanted)


def _name(node: LexborNode) -> str:
    return node.attributes.get("class") or ""


def _alike(tree: LexborHTMLParser, tag: str, name: str) -> list[LexborNode]:
    return [node for node in tree.css(tag or "body") if _name(node) == name]


def _text_digest(node: LexborNode) -> str:
    return _digest("".join(node.text(separator=" ", skip_empty=True).split()))


def _head_digest(tree: LexborHTMLParser) -> str:
    said = []
    for node in tree.css(HEAD):
        attributes = node.attributes
        named = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        if not VOLATILE.search(named):
            said.append(
                f"{node.tag} {named} {attributes.get('content') or ''} {attributes.get('href') or ''} {node.text()}"
            )
    return _digest("\n".join(said))


def _lines(tree: LexborHTMLParser) -> list[str]:
    body = tree.body
    if body is None:
        return []
    # One text node is not one line: a label may stand in a node of its own. Lines are what blocks part.
    return [line for part in body.text(separator="\n", skip_empty=True).split("\n") if (line := part.strip())]


def _is_wall(line: str) -> bool:
    lower = line.lower()
    return any(
        wording().pages[kind].has(lower) for kind in ("paywall", "login", "consent", "challenge", "not_found")
    )


def _digest(text: str) -> str:
    return sha256_hex(text.encode("utf-8", "surrogatepass"))[:16]
