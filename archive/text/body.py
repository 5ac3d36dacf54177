"""
Finds an article's paragraphs.

The part of the page that holds most running text is the article; its blocks are the paragraphs. What differs
from load to load — adverts, teasers, link lists, counters — is told by how it is built and by its first words,
for class names change from load to load too.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from archive.text.lines import is_advert_label, is_counter, leads_elsewhere, tells_age
from archive.text.outline import RUNNING, Block, Element, Outline
from archive.text.surroundings import is_article_name

__all__ = [
    "HEADINGS",
    "LONGEST_DEK",
    "LONG_NAME",
    "find_body",
    "find_dek",
    "find_lead",
    "is_card_heading",
    "is_dek_name",
    "is_link_list",
    "prose_of",
    "telling_name",
]

#: How much of a paragraph's weight each level above its parent is given.
FADING = 0.8
#: What an element is worth more when its name says that it is the article.
NAMED = 1.3
DEK = re.compile(
    r"(^|[\s_-])(dek|deck|standfirst|sub-?title|sub-?head\w*|sub-?line|summary|excerpt|description|bajada|chapo)($|[\s_-])",
    re.IGNORECASE,
)
WHOLE = frozenset({"article", "main", "body", "html"})
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
ITEMS = frozenset({"p", "li", "blockquote", "pre", "td", "dd", "h2", "h3", "h4", "h5", "h6"})
ENDS = (".", "!", "?", "”", '"', "。", "」", "»", "…", "।", "؟", "’", ")", "！", "？", ":")
#: The article under the top heading has at least this share of the densest part's text.
OWN = 0.2
#: A box with less than this share of the article's text may be a teaser.
BOX = 0.35
QUOTES = "“”„\"'«»‹›‘’ "
#: A headline stands within so many blocks of the text.
NEAR = 60
LONGEST_DEK = 700
#: Shorter names ("row", "box", "col-6") are about layout.
LONG_NAME = 7
#: A paragraph of this weight beside the headline begins the text; a shorter one is a second headline.
LEAD = 180
#: A heading this long says something by itself.
TELLING = 40
BOXES = frozenset(
    {"div", "section", "aside", "li", "ul", "ol", "article", "a", "dl", "center", "table", "details"}
)


def find_body(outline: Outline, *, apart: Collection[int] = ()) -> list[Block]:
    """
    Return the article's paragraphs in order.

    Args:
        outline: the page with its surroundings marked.
        apart: numbers of blocks that are no paragraphs, whatever they look like: notes, entries of a live blog.
    """
    blocks = [block for block in outline.blocks if not block.element.mark and block.number not in apart]
    best = _best(outline, blocks)
    if best is None:
        return []
    around, kin = _with_kin(best, blocks)
    start = _headline_end(outline, around)
    inside = [
        block
        for block in blocks
        if block.number >= start and (best.holds(block.element) or _stands_in(block, kin))
    ]
    inside = _behind_head(inside)
    kept = _without_boxes(outline, around, inside)
    return _trimmed(kept)


def find_lead(outline: Outline, body: Sequence[Block], *, apart: Collection[int] = ()) -> list[Block]:
    """Return lead paragraphs that stand between the headline and the text, as news desks set them apart."""
    return [
        block
        for block in find_dek(outline, body, apart=apart)
        if (not block.element.mark or block.weight >= LEAD)
        and block.element.tag not in HEADINGS
        and (block.weight >= LEAD or not _is_dek(block))
    ]


def _is_dek(block: Block) -> bool:
    """Tell whether an element's name or a heading around it says that a block is the standfirst."""
    around = (one for one in (block.element, *block.element.above()) if one.tag not in WHOLE)
    return any(one.tag in HEADINGS or (one.prose <= LONGEST_DEK and is_dek_name(one.name)) for one in around)


@lru_cache(maxsize=1 << 14)
def is_dek_name(name: str) -> bool:
    """Tell whether a class name or id says that this is a standfirst."""
    return bool(DEK.search(name))


def find_dek(outline: Outline, body: Sequence[Block], *, apart: Collection[int] = ()) -> list[Block]:
    """Return the standfirst: what stands as text between the headline and the article's first paragraph."""
    if not body:
        return []
    said = {block.text for block in body}
    before = outline.blocks[max(0, body[0].number - NEAR) : body[0].number]
    behind = max((block.number for block in before if _is_in_heading(block, "h1")), default=None)
    if behind is None:
        behind = max((block.number for block in before if _is_in_heading(block, "h2", "h3")), default=None)
    if behind is None:
        return []
    between = outline.blocks[behind + 1 : body[0].number]
    return [
        block
        for block in between
        if block.element.mark in ("", "header")
        and RUNNING <= block.weight <= LONGEST_DEK
        and not block.is_linked
        and block.text not in said
        and block.number not in apart
        and not leads_elsewhere(block)
        and (block.weight >= LEAD or not tells_age(block.text))
        and not is_advert_label(block.text)
    ][:3]


def _is_in_heading(block: Block, *tags: str) -> bool:
    return any(one.tag in tags for one in (block.element, *block.element.above()))


def prose_of(block: Block) -> int:
    """Return the weight of a block's running text; 0 for a short line or a row of links."""
    return block.weight if block.weight >= RUNNING and not block.is_linked else 0


def _best(outline: Outline, blocks: Sequence[Block]) -> Element | None:
    """Return the element that holds the article."""
    weights: dict[Element, float] = {}
    for block in blocks:
        weight = float(prose_of(block))
        if not weight:
            continue
        holder: Element | None = block.element
        if holder is not None and holder.tag in ITEMS:
            holder = holder.up
        while holder is not None and weight > 8:
            weights[holder] = weights.get(holder, 0.0) + weight
            holder, weight = holder.up, weight * FADING
    if not weights:
        return None
    best = max(weights, key=lambda one: weights[one] * (NAMED if is_article_name(one.name) else 1.0))
    return _widened(outline, best, blocks)


def _widened(outline: Outline, best: Element, blocks: Sequence[Block]) -> Element:
    """Take the article element around the densest part, if that part is most of it or it is one article."""
    own = _mass(best, blocks)
    tops = [one for one in outline.elements if one.tag == "h1"]
    for above in best.above():
        if above.tag != "article":
            continue
        around = _mass(above, blocks)
        if around <= own * 1.6 or (
            any(above.holds(one) for one in tops) and not _holds_articles(outline, above, blocks)
        ):
            return above
    for top in tops:
        for above in top.above():
            # A page of several articles is about the one under its top heading.
            if above.tag == "article" and not above.holds(best) and _mass(above, blocks) >= OWN * own:
                return above
    return best


def _mass(element: Element, blocks: Sequence[Block]) -> int:
    return sum(prose_of(block) for block in blocks if element.holds(block.element))


def _holds_articles(outline: Outline, element: Element, blocks: Sequence[Block]) -> bool:
    return any(one.tag == "article" and one.prose and _mass(one, blocks) for one in outline.within(element))


def _behind_head(inside: list[Block]) -> list[Block]:
    """Leave out headline, standfirst and the lines beside them, where they stand in the article's own element."""
    last = max((number for number, block in enumerate(inside[:8]) if _is_head(block)), default=-1)
    if last < 0 or any(prose_of(block) > 0 and not _is_head(block) for block in inside[:last]):
        return inside
    rest = inside[last + 1 :]
    return rest if any(prose_of(block) > 0 for block in rest) else inside


def _is_head(block: Block) -> bool:
    """Tell whether a block is a standfirst by its name, or stands in an element for headlines."""
    if any(one.tag in ("header", "hgroup") for one in block.element.above()):
        return True
    return block.element.tag not in HEADINGS and _is_dek(block)


def _headline_end(outline: Outline, best: Element) -> int:
    """Return the number of the first block behind the headline, if it stands before the text."""
    tops = [one for one in outline.elements if one.tag == "h1" and best.holds(one)]
    if not tops:
        return 0
    behind = max((one.number for one in outline.inside(tops[0])), default=-1) + 1
    before = sum(prose_of(block) for block in outline.blocks[best.first : behind] if not block.element.mark)
    return behind if before < BOX * best.prose else 0


def _with_kin(best: Element, blocks: Sequence[Block]) -> tuple[Element, list[Element]]:
    """
    Return the elements built like the one that holds the article, and what they stand in together.

    Page builders lay an article out in many boxes of one name.
    """
    name = telling_name(best)
    if not name:
        return best, []
    scope = next((one for one in best.above() if one.tag in ("article", "main", "body")), best)
    kin = {
        holder
        for block in blocks
        if prose_of(block) and scope.holds(block.element) and not best.holds(block.element)
        for holder in (block.element, *block.element.above())
        if holder.tag == best.tag and telling_name(holder) == name and not holder.holds(best)
    }
    return (scope, list(kin)) if kin else (best, [])


def telling_name(element: Element) -> str:
    """Return the name by which an element and its kin are known: the first, or all that say "article" together; or ""."""
    if len(first := _first_name_of(element)) >= LONG_NAME:
        return first
    return element.name if is_article_name(element.name) else ""


def _first_name_of(element: Element) -> str:
    """Return the first of an element's class names, or its id; "" when it has neither."""
    return next(iter(element.name.split(maxsplit=1)), "")


def _stands_in(block: Block, kin: Sequence[Element]) -> bool:
    return any(one.holds(block.element) for one in kin)


def _without_boxes(outline: Outline, best: Element, inside: list[Block]) -> list[Block]:
    """Leave out adverts, teasers, link lists and counters, each with the box it stands in."""
    total = sum(map(prose_of, inside)) or 1
    gone: set[int] = set()
    for block in inside:
        if block.number in gone:
            continue
        if is_advert_label(block.text) or is_card_heading(block):
            gone |= _box(outline, block, best, total)
        elif leads_elsewhere(block) or is_counter(block.text) or is_link_list(outline, block):
            gone.add(block.number)
    gone |= _repeated(inside)
    kept = [block for block in inside if block.number not in gone]
    if sum(map(prose_of, kept)) < 0.4 * total:
        return inside
    return _without_bare_headings(kept)


def _repeated(inside: list[Block]) -> set[int]:
    """Return pull quotes, and what a page holds twice for two sizes of screens."""
    gone: set[int] = set()
    seen: set[str] = set()
    whole = "\n".join(block.text for block in inside)
    for block in inside:
        if block.weight < 30:
            continue
        if block.text in seen:
            gone.add(block.number)
        seen.add(block.text)
        quoted = any(above.tag in ("blockquote", "q") for above in (block.element, *block.element.above()))
        if quoted and whole.count(block.text.strip(QUOTES)) > 1:
            gone.add(block.number)
    return gone


def is_card_heading(block: Block) -> bool:
    """Tell a heading that is a link: the title of a teaser."""
    return block.element.tag in HEADINGS and block.linked > 0.9 * len(block.text)


def _box(outline: Outline, block: Block, best: Element, total: float) -> set[int]:
    """Return the numbers of all blocks in the largest small box that begins with a block; itself when there is none."""
    box: Element | None = None
    for above in (block.element, *block.element.above()):
        if (
            above is best
            or above.prose > BOX * total
            or not best.holds(above)
            or block.number > above.first + 1
        ):
            break
        if above.tag in BOXES:
            box = above
    if box is None:
        return {block.number}
    return {one.number for one in outline.inside(box)}


def is_link_list(outline: Outline, block: Block) -> bool:
    """Tell an item of a list of links, or a line that is one link."""
    element = block.element
    if not block.linked:
        return False
    for above in (element, *element.above()):
        if above.tag in ("ul", "ol", "dl"):
            items = outline.inside(above)
            said = sum(len(one.text) for one in items)
            return sum(one.linked for one in items) > 0.6 * said
        if above.tag in ("div", "section", "article", "main", "body"):
            break
    if element.tag == "p":
        return block.linked > 0.95 * len(block.text) and block.weight < 160
    return block.linked > 0.5 * len(block.text) and block.weight < 200


def _without_bare_headings(kept: list[Block]) -> list[Block]:
    """Drop headings under which nothing is left."""
    found = []
    for number, block in enumerate(kept):
        if block.element.tag in HEADINGS:
            behind = kept[number + 1] if number + 1 < len(kept) else None
            bare = behind is None or (
                behind.element.tag in HEADINGS and behind.element.tag <= block.element.tag
            )
            if bare and block.weight < TELLING:
                continue
        found.append(block)
    return found


def _trimmed(found: list[Block]) -> list[Block]:
    """Drop what is no prose at the ends: short lines before the first and behind the last running paragraph."""
    running = [number for number, block in enumerate(found) if prose_of(block)]
    if not running:
        return []
    first = running[0]
    while first and _is_sentence(found[first - 1]) and found[first - 1].element.up is found[first].element.up:
        first -= 1
    return found[first : running[-1] + 1] + _ending(found[running[-1] + 1 :])


def _ending(rest: list[Block]) -> list[Block]:
    """Return what of the lines behind the last running paragraph belongs to the article: sentences and lists."""
    kept: list[Block] = []
    headings: list[Block] = []
    for block in rest:
        if block.element.tag in HEADINGS:
            headings.append(block)
        elif _is_sentence(block) or (
            block.element.tag in ("li", "td", "dd") and not block.linked and block.weight > 15
        ):
            kept += [*headings, block]
            headings = []
        else:
            break
    return kept


def _is_sentence(block: Block) -> bool:
    return block.text.endswith(ENDS) and block.element.tag not in HEADINGS and not block.is_linked
