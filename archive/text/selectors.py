"""
Applies an outlet's own selectors to a page, over what the general engine found there. Pure.

A selector that finds nothing leaves the general finding: a redesign costs a recipe's help, never the article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from archive.model import Extraction, NotePosition, PageKind
from archive.text.decoding import decode_html
from archive.text.notes import find_notes

__all__ = ["SelectorError", "Selectors", "apply_selectors"]

#: Kinds of page that a body found by a selector turns into an article; walls stay walls.
UNSURE = frozenset({PageKind.LISTING, PageKind.EMPTY, PageKind.ERROR})


class SelectorError(ValueError):
    """A selector is no CSS; its text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where an outlet keeps what: CSS selectors, each "" when the general engine finds it well."""

    headline: str = ""
    dek: str = ""
    #: Each match is a paragraph; where a match holds several, its paragraphs are.
    body: str = ""
    #: Each match is a name.
    authors: str = ""
    #: The `datetime` or `content` of the first match, else its text.
    published: str = ""
    modified: str = ""
    #: Each match is a note, whatever its words.
    notes: str = ""
    captions: str = ""
    #: What is taken out before anything is looked for.
    remove: tuple[str, ...] = ()

    def check(self) -> None:
        """Try every selector; SelectorError when one is no CSS."""
        from bs4 import BeautifulSoup

        empty = BeautifulSoup("<p></p>", "lxml")
        for one in fields(self):
            value = getattr(self, one.name)
            for selector in value if isinstance(value, tuple) else (value,):
                _select(empty, selector)


def apply_selectors(
    html: bytes, found: Extraction, selectors: Selectors, *, content_type: str | None = None
) -> Extraction:
    """
    Return what a page says by its outlet's selectors, and by the general engine where they find nothing.

    Raises:
        SelectorError: a selector is no CSS.
    """
    from bs4 import BeautifulSoup

    tree = BeautifulSoup(decode_html(html, content_type), "lxml")
    for selector in selectors.remove:
        for element in _select(tree, selector):
            element.decompose()
    changes: dict[str, Any] = {
        "headline": _first(_texts(tree, selectors.headline)),
        "dek": _first(_texts(tree, selectors.dek)),
        "authors": tuple(_texts(tree, selectors.authors)),
        "captions": tuple(_texts(tree, selectors.captions)),
        "published_at": _moment(tree, selectors.published),
        "modified_at": _moment(tree, selectors.modified),
    }
    changed = replace(found, **{name: value for name, value in changes.items() if value})
    ours = {name for name, value in changes.items() if value}
    notes = _texts(tree, selectors.notes)
    body = [one for one in _paragraphs(tree, selectors.body) if one not in notes]
    if notes:
        changed = replace(changed, notes=_as_notes(notes, changed))
        ours.add("notes")
    if body:
        kind = PageKind.ARTICLE if found.page_kind in UNSURE else found.page_kind
        changed = replace(changed, body=tuple(body), page_kind=kind, engine="recipe", error=None)
        ours.add("body")
    origins = {**dict(found.origins), **dict.fromkeys(ours, "recipe")}
    return replace(changed, origins=tuple(sorted(origins.items())))


def _as_notes(texts: Sequence[str], found: Extraction) -> tuple[Any, ...]:
    published = datetime.fromisoformat(found.published_at) if found.published_at else None
    read = find_notes(texts, published_at=published)
    said = {one.text for one in read}
    kept = tuple(one for one in found.notes if one.text not in said)
    return (*kept, *(replace(one, position=NotePosition.BOTTOM) for one in read))


def _select(tree: Any, selector: str) -> list[Any]:
    from soupsieve import SelectorSyntaxError

    if not selector:
        return []
    try:
        return list(tree.select(selector))
    except (SelectorSyntaxError, NotImplementedError) as error:
        message = f"{selector!r} is no CSS selector ({str(error).splitlines()[0]})"
        raise SelectorError(message) from error


def _texts(tree: Any, selector: str) -> list[str]:
    texts = [" ".join(one.get_text(" ").split()) for one in _select(tree, selector)]
    return [one for one in dict.fromkeys(texts) if one]


def _paragraphs(tree: Any, selector: str) -> list[str]:
    found = []
    for element in _select(tree, selector):
        inner = element.find_all("p")
        found += [" ".join(one.get_text(" ").split()) for one in inner or [element]]
    return [one for one in dict.fromkeys(found) if one]


def _first(texts: Sequence[str]) -> str:
    return texts[0] if texts else ""


def _moment(tree: Any, selector: str) -> str | None:
    """Return the first match's date as ISO 8601; None when it states none that can be read."""
    for element in _select(tree, selector):
        stated = element.get("datetime") or element.get("content") or element.get_text(" ")
        try:
            return datetime.fromisoformat(str(stated).strip()).isoformat()
        except ValueError:
            continue
    return None
