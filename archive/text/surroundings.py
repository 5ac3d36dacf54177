"""
Takes away what stands around and inside an article without being of it.

Adverts, related links, share bars, counters, sign-up boxes, comments.

What differs at every load must go, or it would be taken for an edit.
"""

import re

import lxml.html

from archive.text.page import tidy

__all__ = ["strip_surroundings"]

#: Elements that are never an article's text.
NEVER = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "form", "button", "input", "select", "nav", "footer", "object", "embed", "video", "audio", "canvas", "dialog", "amp-ad", "amp-list", "amp-social-share", "ins"}
)  # fmt: skip
ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "toolbar"}
)

#: Parts of class names and ids, cut at their seams, that name surroundings.
NAMES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"ad|ads|adv|advert\w*|adslot|adunit|adbox|dfp|gpt|sponsor\w*|promo\w*|outbrain|taboola|"
    r"related\w*|relbox|recirc\w*|recommend\w*|more-on|read-?more|readmore|also-read|see-also|mehr-zum|trending|popular|most-?read|mostread|"
    r"share|sharing|sharedaddy|sharetools|social\w*|jp-relatedposts|"
    r"newsletter\w*|signup|sign-up|subscribe\w*|subscription\w*|membership|donat\w*|support-us|"
    r"comment|comments|commentlist|disqus\w*|discussion|"
    r"nav|navbar|navigation|menu|breadcrumb\w*|pagination|pager|"
    r"footer|sidebar|masthead|toolbar|widget\w*|widget-area|"
    r"poll|quiz|ticker|quote-widget|stock\w*|market-data|weather|"
    r"cookie\w*|consent\w*|gdpr|paywall\w*|modal|popup|overlay|banner|"
    r"tags?|tag-list|topics|keywords|byline|author-bio|author-box|bio|ago|timestamp|dateline|posted-on|entry-meta|post-meta|article-meta|meta|"
    r"print-only|visually-hidden|sr-only|screen-reader\w*|skip-link|live-badge|copyright|build"
    r")(?=$|[\s_-])",
    re.IGNORECASE,
)
#: Names that mark the article itself, or what must be read: they win.
KEEP = re.compile(
    r"(article-?body|story-?body|entry-content|post-body|post-content|body-text|correction|corrections|editors?-?note|footnote|update-?note|article-updates|note\b)",
    re.IGNORECASE,
)
#: First words of lines that lead elsewhere, in many languages.
LEADS = re.compile(
    r"^\s*(read (more|also|next)|also read|see also|related( articles?)?|more on this|recommended|don't miss|sign up|subscribe|"
    r"lesen sie (auch|mehr)|mehr zum thema|mehr dazu|auch interessant|jetzt .{0,20}newsletter|"
    r"lee (también|más)|leer (más|también)|te puede interesar|suscríbe\w*|"
    r"(à )?lire (aussi|également)|voir aussi|inscrivez-vous|abonnez-vous|"
    r"leggi anche|leia (também|mais)|veja também|lees (ook|meer)|läs (också|mer|även)|les (også|mer)|læs også|"
    r"czytaj (też|także|więcej)|zobacz (też|także)|ayrıca okuyun|čtěte také|lue myös|читайте также|"
    r"あわせて読みたい|関連記事|続きを読む|相关阅读|관련기사|advertisement$|anzeige$|publicidad$|publicité$|広告$)",
    re.IGNORECASE,
)
#: Above this share of its text in links a block leads elsewhere.
LINKED = 0.6


def strip_surroundings(tree: lxml.html.HtmlElement) -> None:
    """Remove surroundings from a tree, in place."""
    for element in list(tree.iter()):
        if (
            not isinstance(element.tag, str)
            or element.getparent() is None
            or element.tag in ("html", "body", "head")
        ):
            continue
        if _goes(element):
            _drop(element)
    for element in list(tree.iter("p", "div", "li", "aside", "section", "ul", "ol")):
        if element.getparent() is not None and _leads_elsewhere(element):
            _drop(element)


def _goes(element: lxml.html.HtmlElement) -> bool:
    if element.tag in NEVER or (element.get("role") or "").lower() in ROLES:
        return True
    if element.get("hidden") is not None or (element.get("aria-hidden") or "") == "true":
        return True
    if "display:none" in (element.get("style") or "").replace(" ", ""):
        return True
    if element.tag in ("main", "article", "h1", "p", "a", "em", "strong", "b", "i"):
        return element.tag == "p" and _is_named(element)
    return _is_named(element) and not _holds_the_article(element)


def _is_named(element: lxml.html.HtmlElement) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"
    return bool(name.strip()) and bool(NAMES.search(name)) and not KEEP.search(name)


def _holds_the_article(element: lxml.html.HtmlElement) -> bool:
    """Tell whether an unluckily named element holds most of the article."""
    paragraphs = [one for one in element.iter("p") if len(one.text_content()) > 80]
    return len(paragraphs) >= 4 or element.find(".//h1") is not None


def _leads_elsewhere(element: lxml.html.HtmlElement) -> bool:
    text = tidy(element.text_content())
    if not text:
        return False
    if len(text) < 300 and LEADS.match(text):
        return True
    links = list(element.iter("a"))
    linked = sum(len(tidy(link.text_content())) for link in links)
    if element.tag in ("ul", "ol"):
        return len(links) >= 2 and linked > LINKED * len(text)
    # A paragraph that is one link leads elsewhere; a sentence with a link in it does not.
    if element.tag in ("p", "div") and len(text) < 160 and element.find(".//time") is not None:
        return True
    return element.tag == "p" and bool(links) and linked > 0.95 * len(text) and len(text) < 160


def _drop(element: lxml.html.HtmlElement) -> None:
    """Remove an element and keep the text behind it."""
    element.drop_tree()
