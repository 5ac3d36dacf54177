"""
Marks what stands around and inside an article without being of it.

Adverts, related links, share bars, counters, sign-up boxes, comments: what differs at every load must go,
or it would be taken for an edit. A mark is a reason; nothing is taken out, so that notes can be found in
places that are of no article.
"""

import re
from functools import lru_cache
from itertools import pairwise

from archive.text.outline import RUNNING, Block, Element, Outline

__all__ = ["is_article_name", "mark_surroundings"]

#: Elements that are never an article's text, with what they are.
TAGS = {
    "nav": "navigation", "footer": "footer", "form": "form", "button": "control", "label": "control", "textarea": "control", "fieldset": "form",
    "dialog": "dialog", "menu": "navigation", "aside": "aside", "figure": "caption", "figcaption": "caption", "address": "byline", "ins": "advert",
    "h1": "headline", "noscript": "noscript", "amp-ad": "advert", "amp-list": "related", "amp-social-share": "share", "caption": "caption",
    "amp-sidebar": "navigation", "details": "aside", "amp-consent": "dialog",
}  # fmt: skip
ROLES = {
    "navigation": "navigation", "banner": "navigation", "contentinfo": "footer", "search": "form", "dialog": "dialog", "alertdialog": "dialog",
    "menu": "navigation", "toolbar": "control", "complementary": "aside", "menubar": "navigation", "tablist": "control", "button": "control",
    "doc-footnote": "", "figure": "caption",
}  # fmt: skip
#: Marks that stay even on an element that holds most of a page's text.
NEVER_ARTICLES = frozenset({"comments", "related", "headline", "control", "noscript"})
#: Names that articles' own parts bear too: a mark by such a name needs that there is no running text.
UNSURE = frozenset({"picture", "tags", "stamp", "share", "navigation", "wall", "footer", "hidden"})
#: Names that count on a paragraph; on one, all others are about its looks.
ON_PARAGRAPHS = frozenset(
    {"advert", "newsletter", "related", "share", "byline", "stamp", "caption", "tags", "comments"}
)
LONGEST_NAME = 6
#: This much running text is more than a stamp or a row of tags has.
SOME = 150

#: Whole words of class names and ids, cut at their seams, with what they name.
WORDS = {
    **dict.fromkeys(("ad", "ads", "adv", "adslot", "adunit", "adbox", "adsbox", "dfp", "gpt", "mpu", "ob", "trc", "native", "partner", "promoted", "commercial", "affiliate", "werbung", "anzeige", "pub", "publicidad", "publicite"), "advert"),
    **dict.fromkeys(("related", "relateds", "relbox", "trending", "popular", "mostread", "readmore", "alsoread", "moreon", "upnext", "suggested", "suggestions", "backlinks", "prevnext", "crosslinks", "linkbox", "linklist", "seealso"), "related"),
    **dict.fromkeys(("share", "shares", "sharing", "social", "sns", "follow", "whatsapp", "shariff", "likes", "reactions", "bookmark", "savebutton"), "share"),
    **dict.fromkeys(("newsletter", "newsletters", "signup", "subscribe", "subscription", "membership", "donate", "donation", "donations", "appeal", "cta", "inbox", "optin", "mailchimp"), "newsletter"),
    **dict.fromkeys(("comment", "comments", "commentlist", "disqus", "discussion", "respond", "replies", "kommentare", "leserkommentare", "comentarios", "commentaires"), "comments"),
    **dict.fromkeys(("nav", "navbar", "navigation", "menu", "submenu", "breadcrumb", "breadcrumbs", "pagination", "pager", "toc", "skip", "skiplink", "topbar", "masthead", "toolbar", "offcanvas"), "navigation"),
    **dict.fromkeys(("footer", "colophon", "copyright", "credits", "disclaimer", "legal", "imprint"), "footer"),
    **dict.fromkeys(("sidebar", "rail", "widget", "widgets", "secondary"), "aside"),
    **dict.fromkeys(("carousel", "slider", "poll", "quiz", "ticker", "stockticker", "weather", "marketdata", "quotes", "tooltip", "rating", "ratings", "survey", "infobox"), "widget"),
    **dict.fromkeys(("cookie", "cookies", "consent", "gdpr", "modal", "popup", "ot", "cmp", "popover", "overlay", "banner", "lightbox", "adblock", "toast"), "dialog"),
    **dict.fromkeys(("paywall", "regwall", "piano", "meter"), "wall"),
    **dict.fromkeys(("tag", "tags", "taglist", "topics", "keywords", "categories", "category", "hashtags", "filed"), "tags"),
    **dict.fromkeys(("byline", "bylines", "author", "authors", "bio", "authorbox", "contributors", "reporter", "autor", "auteur", "credit"), "byline"),
    **dict.fromkeys(("timestamp", "dateline", "published", "updated", "meta", "metadata", "postmeta", "timeago", "posted", "pubdate", "readtime", "readingtime", "counter", "viewcount", "views"), "stamp"),
    **dict.fromkeys(("caption", "captions", "figcaption", "photocaption", "imagecaption", "bildunterschrift", "gallery", "slideshow", "videoplayer", "player", "jwplayer"), "caption"),
    **dict.fromkeys(("printonly", "noprint"), "hidden"),
}  # fmt: skip
#: Beginnings of words that name surroundings however they go on ("relatedposts", "sharebuttons").
STEMS = {
    "advert": "advert", "sponsor": "advert", "outbrain": "advert", "taboola": "advert", "teads": "advert", "adsbygoogle": "advert", "googlead": "advert",
    "promo": "advert", "related": "related", "recommend": "related", "recirc": "related", "relatedpost": "related", "mostread": "related", "mostpopular": "related",
    "sharebutton": "share", "sharetool": "share", "sharebar": "share", "sharedaddy": "share", "addthis": "share", "addtoany": "share", "socialshare": "share", "social": "share",
    "newsletter": "newsletter", "subscri": "newsletter", "comments": "comments", "commentlist": "comments", "disqus": "comments", "breadcrumb": "navigation",
    "onetrust": "dialog", "didomi": "dialog", "usercentrics": "dialog", "cookiebot": "dialog", "truste": "dialog", "qccmp": "dialog", "cybot": "dialog",
    "sidebar": "aside", "footer": "footer", "cookie": "dialog", "paywall": "wall", "imagedesc": "caption", "imagecaption": "caption", "imgcaption": "caption", "photocredit": "caption", "mediainfo": "caption", "imageinfo": "caption", "picturecaption": "caption",
    "bildbeschreibung": "caption", "bildnachweis": "caption", "bildtext": "caption", "authorbio": "byline", "authorbox": "byline",
}  # fmt: skip
#: The same by their first letters: one look-up a word instead of fifty.
STEM_KEY = 4
STEMS_BY_KEY: dict[str, list[str]] = {}
for _stem in STEMS:
    STEMS_BY_KEY.setdefault(_stem[:STEM_KEY], []).append(_stem)
#: Beginnings of words that name a picture; little text in one is its caption.
PICTURES = ("image", "media", "photo", "picture", "img", "foto", "bild", "pic-", "picbox", "thumb", "tumb")
#: Words that name a caption beside one that names a picture.
CAPTIONS = frozenset(
    {
        "annotation",
        "description",
        "caption",
        "credit",
        "credits",
        "copyright",
        "source",
        "legend",
        "info",
        "subtitle",
        "note",
        "desc",
    }
)
#: Two words that name surroundings together.
PAIRS = {
    ("read", "more"): "related", ("read", "next"): "related", ("also", "read"): "related", ("see", "also"): "related", ("more", "on"): "related", ("more", "from"): "related",
    ("more", "stories"): "related", ("most", "read"): "related", ("most", "viewed"): "related", ("up", "next"): "related", ("mehr", "zum"): "related", ("jp", "relatedposts"): "related",
    ("sign", "up"): "newsletter", ("support", "us"): "newsletter", ("screen", "reader"): "hidden", ("print", "only"): "hidden", ("print", "header"): "hidden", ("no", "print"): "hidden", ("twitter", "tweet"): "embed", ("instagram", "media"): "embed", ("tiktok", "embed"): "embed", ("fb", "post"): "embed", ("bluesky", "embed"): "embed", ("reddit", "embed"): "embed", ("live", "badge"): "stamp",
    ("posted", "on"): "stamp", ("entry", "meta"): "stamp", ("post", "meta"): "stamp", ("article", "meta"): "stamp", ("read", "time"): "stamp", ("post", "tags"): "tags",
    ("quote", "widget"): "widget", ("stock", "quote"): "widget", ("build", "info"): "stamp", ("you", "may"): "related", ("dont", "miss"): "related", ("whats", "next"): "related",
}  # fmt: skip
#: Names that mark the article itself, or what must be read: they win over all others.
ARTICLES = re.compile(
    r"article-?_*(body|text|content|copy|paragraph)|story-?_*(body|text|content|copy)|entry-content|post-?_*(body|content|text)\b|body-?_*(text|copy|content)|"
    r"\bhentry\b|\btype-post\b|main-?_*(text|copy)|rich-?text|(artikel|beitrag)-?_*(text|body|inhalt)|texte?-?_*(article|artikel)|articletext|artikeltext",
    re.IGNORECASE,
)
#: Names of places where publishers put notes and endings.
NOTES = re.compile(
    r"correction|corrections|editors?-?_*note|footnote|update-?_*note|errata|erratum|article-?_*updates|clarification",
    re.IGNORECASE,
)
#: Names on these say what a whole page has, not what the element is.
WHOLE = frozenset({"html", "body", "main", "article"})
#: Names on these are formatting.
INLINE = frozenset(
    {
        "a",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "mark",
        "cite",
        "q",
        "code",
        "sup",
        "sub",
        "abbr",
        "time",
        "font",
        "br",
        "hr",
        "img",
    }
)
CAMEL = re.compile(r"([a-z])([A-Z])")
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
SEAMS = re.compile(r"[^a-z0-9]+")
#: An element that holds this share of a page's running text is the article, however unluckily it is named.
MOST = 0.5


def mark_surroundings(outline: Outline) -> None:
    """Mark every element that is of no article, and all that stands in it."""
    total = weigh(outline)
    heads = {
        above.number
        for one in outline.elements
        if one.tag == "h1"
        for above in one.above()
        if above.tag in ("header", "hgroup") and above.prose < MOST * total
    }
    for element in outline.elements:
        up = element.up
        if up is not None and up.mark:
            # Tables stand in figures as pictures do, but their text is the article's.
            if not (element.tag == "table" and up.mark == "caption"):
                element.mark = up.mark
            continue
        mark = "header" if element.number in heads else _own_mark(element)
        if mark and (mark in NEVER_ARTICLES or element.prose < MOST * total):
            element.mark = mark
    if total and _left(outline) < min(SOME, 0.1 * total):
        _unmark_comments(outline)


def weigh(outline: Outline) -> float:
    """Give each element the weight of the running text in it; return that of the page."""
    for block in outline.blocks:
        if block.weight >= RUNNING and not block.is_linked:
            block.element.prose += block.weight
    for element in reversed(outline.elements):
        if element.up is not None:
            element.up.prose += element.prose
    return outline.elements[0].prose if outline.elements else 0.0


def is_article_name(name: str) -> bool:
    """Tell whether a class name or id says that this is an article's text."""
    return bool(name) and _article_name(name)


def _left(outline: Outline) -> float:
    return sum(_prose(block) for block in outline.blocks if not block.element.mark)


def _prose(block: Block) -> int:
    return block.weight if block.weight >= RUNNING and not block.is_linked else 0


def _unmark_comments(outline: Outline) -> None:
    """A page whose only text stands in an unluckily named element is read all the same."""
    for element in outline.elements:
        if element.mark in (
            "comments",
            "header",
            "related",
            "aside",
            "advert",
            "dialog",
            "widget",
            "newsletter",
        ):
            element.mark = ""


def _own_mark(element: Element) -> str:
    tag, attributes = element.tag, element.attributes
    if element.hidden:
        return "hidden"
    if tag in TAGS:
        return TAGS[tag]
    if not attributes:
        return ""
    role = attributes.get("role")
    if role and role in ROLES:
        return ROLES[role]
    if attributes.get("aria-hidden") == "true":
        return "hidden"
    if tag in WHOLE or tag in INLINE or not element.name:
        return ""
    if _is_put_away(attributes.get("class") or ""):
        return "hidden"
    mark = _named(element.name)
    if (mark == "picture" and tag in ("p", "span", "li", "ul")) or (tag in HEADINGS and mark != "related"):
        return ""
    if (mark in UNSURE and element.prose >= SOME) or (tag == "p" and mark not in ON_PARAGRAPHS):
        return ""
    return mark


@lru_cache(maxsize=1 << 14)
def _is_put_away(names: str) -> bool:
    """Tell a class that hides an element on screens of every size."""
    words = names.split()
    if not any(word in ("hidden", "d-none", "is-hidden") for word in words):
        return False
    return not any(":" in word or word.startswith("d-") for word in words if word not in ("d-none", "hidden"))


@lru_cache(maxsize=1 << 15)
def _article_name(name: str) -> bool:
    return bool(ARTICLES.search(name))


@lru_cache(maxsize=1 << 15)
def _named(name: str) -> str:
    """Return what a name says its element is; "" when it says nothing of surroundings."""
    if ARTICLES.search(name) or NOTES.search(name):
        return ""
    words = []
    for one in name.split():
        parts = [word for word in SEAMS.split(CAMEL.sub(r"\1-\2", one).lower()) if word]
        # An id made from a heading's words names nothing.
        words += parts if len(parts) <= LONGEST_NAME else []
    for word in words:
        if word in WORDS:
            return WORDS[word]
        for stem in STEMS_BY_KEY.get(word[:STEM_KEY], ()):
            if word.startswith(stem):
                return STEMS[stem]
    for pair in pairwise(words):
        if pair in PAIRS:
            return PAIRS[pair]
    if any(word.startswith(PICTURES) for word in words) and not CAPTIONS.isdisjoint(words):
        return "caption"
    return "picture" if any(word.startswith(PICTURES) for word in words) else ""
