"""
A page as two flat lists: the elements a reader can see, and the runs of text in them.

Made by one walk over one parse. Everything that looks at a page looks at these lists; the tree is let go.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Block", "Element", "Outline", "outline_of", "tidy", "weight_of"]

#: Elements that part paragraphs.
BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "main", "aside",
    "header", "footer", "nav", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "dl", "dd", "dt", "figure", "figcaption", "details",
    "summary", "center", "hr", "body", "html", "form", "fieldset", "address", "hgroup", "dialog", "menu", "button", "noscript", "label",
    "textarea", "plaintext", "caption", "legend", "frameset",
})  # fmt: skip
#: Elements whose text nobody sees.
UNSEEN = frozenset({
    "script", "style", "template", "svg", "iframe", "select", "option", "datalist", "object", "embed", "video", "audio", "canvas", "math",
    "map", "head", "title", "meta", "link", "noframes", "-comment", "progress", "meter", "rp", "rt",
})  # fmt: skip
MENUS = frozenset({"nav"})
#: What menus of an article's pages are called, and how many links are taken of one.
OF_PAGES = re.compile(
    r"pag|seite|sida|side|str[ao]n|article|story|post|split|part|页|頁|ページ", re.IGNORECASE
)
MENU_LINKS = 40
#: Text of this weight is running text.
RUNNING = 50
IDEOGRAPHS = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
BLANK = dict.fromkeys(map(ord, "\u200b\ufeff\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))
MARKS = tuple("\u200b\ufeff\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e")
#: Classes of words that only screen readers are told.
SCREEN_READERS = (
    "visually-hidden",
    "visuallyhidden",
    "sr-only",
    "screen-reader",
    "screenreader",
    "offscreen",
)


def tidy(text: str | None) -> str:
    """Return text with every run of white space as one space, and without marks that nobody sees."""
    joined = " ".join((text or "").split())
    if not joined.isascii() and any(mark in joined for mark in MARKS):
        joined = " ".join(joined.translate(BLANK).split())
    return joined


def weight_of(text: str) -> int:
    """Return a text's length in letters of an alphabet: an ideograph says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(IDEOGRAPHS.findall(text))


class Element:
    """One element that can be seen. Made by the walk alone; a thousand to a page, hence no dataclass."""

    __slots__ = (
        "attributes",
        "end",
        "first",
        "hidden",
        "last",
        "mark",
        "name",
        "number",
        "prose",
        "start",
        "tag",
        "up",
    )

    def __init__(
        self, tag: str, attributes: dict[str, str | None], up: "Element | None", number: int
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.up = up
        self.number = number
        #: Number of the last element inside it.
        self.last = number
        #: Its pieces of text, and its first block.
        self.start = self.end = self.first = 0
        self.hidden = False
        #: Why it is not of the article; "" when it may be.
        self.mark = ""
        #: Weight of the running text in it.
        self.prose = 0.0
        names, own = attributes.get("class"), attributes.get("id")
        self.name = f"{names} {own}" if names and own else names or own or ""

    def holds(self, other: "Element") -> bool:
        """Tell whether another element is this one or stands in it."""
        return self.number <= other.number <= self.last

    def above(self) -> Iterator["Element"]:
        """Yield the elements it stands in, the nearest first."""
        one = self.up
        while one is not None:
            yield one
            one = one.up


class Block:
    """A run of inline text: what a reader sees as one paragraph."""

    __slots__ = ("element", "end", "linked", "number", "start", "text", "weight")

    def __init__(self, text: str, element: Element, linked: int, number: int) -> None:
        self.text = text
        #: The nearest element that parts paragraphs.
        self.element = element
        #: Characters of it that are links.
        self.linked = linked
        self.number = number
        self.weight = weight_of(text)
        #: Its pieces of text.
        self.start = self.end = 0

    @property
    def is_linked(self) -> bool:
        """Most of it is links."""
        return self.linked > 0.6 * len(self.text)


@dataclass(slots=True)
class Outline:
    """What one walk over a page found."""

    elements: list[Element] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    #: Attributes of `meta` and `link`, in the order of the page.
    metas: list[dict[str, str | None]] = field(default_factory=list)
    links: list[dict[str, str | None]] = field(default_factory=list)
    #: Addresses and texts of the links of menus that may be of the article's pages.
    menu_links: list[tuple[str, str]] = field(default_factory=list)
    #: Texts of `script type="application/ld+json"`.
    data: list[str] = field(default_factory=list)
    title: str = ""
    #: Attributes of the root.
    root: dict[str, str | None] = field(default_factory=dict)
    #: Attributes of `input` elements.
    inputs: list[dict[str, str | None]] = field(default_factory=list)

    def text(self, element: Element) -> str:
        """Return what a reader sees of an element."""
        return tidy("".join(self.pieces[element.start : element.end]))

    def inside(self, element: Element) -> list[Block]:
        """Return the blocks in an element, its own included."""
        found = []
        for number in range(element.first, len(self.blocks)):
            block = self.blocks[number]
            if block.element.number > element.last:
                break
            if element.number <= block.element.number:
                found.append(block)
        return found

    def within(self, element: Element) -> list[Element]:
        """Return the elements inside one."""
        return self.elements[element.number + 1 : element.last + 1]


def outline_of(html: str) -> Outline:
    """
    Parse a page and walk it once. Any text is a page; there is no error.

    Menus are half of what a page consists of and never of the article, so they are not entered; only when nothing
    else is there (a menu that is never closed) is the page walked again with them.
    """
    tree = LexborHTMLParser(html)
    root = tree.root
    if root is None:
        return Outline()
    walk = _Walk(unentered=MENUS)
    walk.over(root)
    if walk.passed and not any(block.weight >= RUNNING for block in walk.found.blocks):
        walk = _Walk(unentered=frozenset())
        walk.over(root)
    return walk.found


class _Walk:
    """The state of one walk; a method a kind of thing met."""

    def __init__(self, *, unentered: frozenset[str]) -> None:
        self.found = Outline()
        self.unentered = unentered
        #: How many elements were not entered.
        self.passed = 0
        #: Where the next block begins in the pieces, and the links since.
        self.begun = 0
        self.linked = 0
        self.links_open = 0
        self.breaks = 0
        #: Open elements; the last that parts paragraphs is where text belongs.
        self.block: Element | None = None

    def over(self, root: LexborNode) -> None:
        self.found.root = dict(root.attributes)
        stack: list[tuple[LexborNode | None, Element | None]] = [(root, None)]
        while stack:
            node, up = stack.pop()
            if node is None:
                if up is not None:
                    self.leave(up)
                continue
            tag = node.tag or ""
            if tag == "-text":
                self.say(node.text_content or "")
            elif tag == "br":
                self.line_break()
            elif tag in UNSEEN:
                self.unseen(node, tag)
                if tag == "head":
                    self.head(node)
            elif tag in self.unentered:
                self.passed += 1
                self.flush()
                self.menu(node)
            elif (element := self.enter(node, tag, up)) is not None:
                stack.append((None, element))
                child = node.last_child
                while child is not None:
                    stack.append((child, element))
                    child = child.prev
        self.flush()

    def head(self, node: LexborNode) -> None:
        child = node.first_child
        while child is not None:
            self.unseen(child, child.tag or "")
            child = child.next

    def unseen(self, node: LexborNode, tag: str) -> None:
        """Keep what says something about the page without being seen."""
        if tag == "meta":
            self.found.metas.append(dict(node.attributes))
        elif tag == "link":
            self.found.links.append(dict(node.attributes))
        elif tag == "title" and not self.found.title:
            self.found.title = tidy(node.text())
        elif tag == "script" and "ld+json" in (node.attributes.get("type") or "").lower():
            self.found.data.append(node.text() or "")

    def menu(self, node: LexborNode) -> None:
        """Keep the links of a menu that may be of an article's pages; those of others are hundreds."""
        attributes = node.attributes
        named = " ".join(filter(None, map(attributes.get, ("class", "id", "aria-label"))))
        if named and not OF_PAGES.search(named):
            return
        for link in node.css("a[href]")[:MENU_LINKS]:
            self.found.menu_links.append((link.attributes["href"] or "", tidy(link.text())))

    def say(self, text: str) -> None:
        found = self.found
        if text.isspace():
            # Most of a page's text nodes are its source's line breaks.
            if len(found.pieces) > self.begun and found.pieces[-1] != " ":
                found.pieces.append(" ")
            return
        found.pieces.append(text)
        self.breaks = 0
        if self.links_open:
            self.linked += len(text.strip())

    def line_break(self) -> None:
        """One break is a space, two part paragraphs."""
        self.found.pieces.append(" ")
        self.breaks += 1
        if self.breaks > 1:
            self.flush()

    def enter(self, node: LexborNode, tag: str, up: Element | None) -> Element | None:
        attributes = node.attributes
        parts = tag in BLOCKS or ("-" in tag and (self.block is None or self.block.tag != "p"))
        hidden = bool(attributes) and is_hidden(attributes)
        if hidden and not parts:
            return None
        found = self.found
        if parts:
            self.flush()
        if tag == "input":
            found.inputs.append(dict(attributes))
        element = Element(tag, attributes, up, len(found.elements))
        found.elements.append(element)
        # Told apart later: pages hide the article itself until a script has run.
        element.hidden = hidden
        element.start = len(found.pieces)
        element.first = len(found.blocks)
        if parts:
            self.block = element
        elif tag == "a":
            self.links_open += 1
        return element

    def leave(self, element: Element) -> None:
        found = self.found
        if self.block is element:
            self.flush()
            up = element.up
            while up is not None and up.tag not in BLOCKS and "-" not in up.tag:
                up = up.up
            self.block = up
        elif element.tag == "a":
            self.links_open -= 1
        element.end = len(found.pieces)
        element.last = len(found.elements) - 1

    def flush(self) -> None:
        """End a paragraph."""
        found = self.found
        if len(found.pieces) > self.begun:
            text = tidy("".join(found.pieces[self.begun :]))
            if text and self.block is not None:
                block = Block(text, self.block, self.linked, len(found.blocks))
                block.start, block.end = self.begun, len(found.pieces)
                found.blocks.append(block)
            found.pieces.append("\n")
        self.begun = len(found.pieces)
        self.linked = 0
        self.breaks = 0


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Tell whether nobody sees an element, or only those who hear the page."""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    names = attributes.get("class")
    return names is not None and _is_unseen(names)


@lru_cache(maxsize=1 << 14)
def _is_unseen(names: str) -> bool:
    return any(one in names.lower() for one in SCREEN_READERS)
