"""
An archived page made readable without its scripts: links stay in the archive, nothing is asked of others.

Safety does not rest on this module: replay's Content-Security-Policy forbids scripts, frames, forms and every
foreign address whatever the page holds. This makes pages legible under that policy.
"""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

__all__ = ["readable"]

#: Elements that run, embed or redirect.
DROPPED = ("script", "iframe", "frame", "frameset", "object", "applet", "base", "template", "portal")
#: Attributes that hold one address, and the modifier under which the archive answers it.
ADDRESSES = {
    "href": "",
    "src": "im_",
    "poster": "im_",
    "background": "im_",
    "data": None,
    "action": None,
    "formaction": None,
    "srcset": None,
    "imagesrcset": None,
    "ping": None,
    "srcdoc": None,
    "cite": None,
    "longdesc": None,
    "target": None,
    "integrity": None,
    "crossorigin": None,
    "nonce": None,
    "autofocus": None,
}
#: Links that only the live page can follow keep their text, not their address.
FOLLOWED = ("http", "https")


def readable(text: str, url: str, place: Callable[[str, str], str]) -> bytes:
    """
    Return a page without scripts, with its links leading into the archive, as UTF-8.

    Args:
        text: the decoded page.
        url: its own address.
        place: gives, for an address and a modifier ("", "im_", "cs_"), where the archive answers it.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    try:
        # Through bytes: lxml refuses text with an XML declaration, and a NUL would end the page.
        root = html.document_fromstring(
            text.replace("\0", "\ufffd").encode("utf-8", "replace"), parser=parser
        )
    except (etree.ParserError, ValueError):
        return text.encode("utf-8", "replace")
    base = _base_of(root, url)
    for element in list(root.iter(etree.Element)):
        if element.tag == "embed":
            # Void in HTML; this parser takes what follows for its content.
            element.drop_tag()
        elif _is_dropped(element):
            element.drop_tree()
        else:
            _tame(element, base, place)
    head = root.find("head")
    if head is not None:
        head.insert(0, etree.Element("meta", charset="utf-8"))
    return bytes(html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>"))


def _base_of(root: html.HtmlElement, url: str) -> str:
    found = root.find(".//base[@href]")
    return _absolute(url, found.get("href") or "") or url if found is not None else url


def _is_dropped(element: html.HtmlElement) -> bool:
    """Tell whether an element runs, embeds, redirects, fetches ahead, or states an encoding that no longer holds."""
    match element.tag:
        case "meta":
            return element.get("http-equiv") is not None or element.get("charset") is not None
        case "link":
            return "stylesheet" not in (element.get("rel") or "").lower()
    return element.tag in DROPPED


def _tame(element: html.HtmlElement, base: str, place: Callable[[str, str], str]) -> None:
    for name in list(element.attrib):
        bare = name.rpartition("}")[2].rpartition(":")[2].lower()
        if bare.startswith("on"):
            del element.attrib[name]
        elif bare in ADDRESSES:
            _readdress(element, name, ADDRESSES[bare], base=base, place=place)


def _readdress(
    element: html.HtmlElement, name: str, modifier: str | None, *, base: str, place: Callable[[str, str], str]
) -> None:
    value = (element.get(name) or "").strip()
    if modifier is None:
        del element.attrib[name]
        return
    if element.tag == "link":
        modifier = "cs_"
    if value.startswith("#") or (modifier == "im_" and value.lower().startswith("data:image/")):
        return
    target = _absolute(base, value)
    if target is None:
        del element.attrib[name]
    else:
        element.set(name, place(target, modifier))


def _absolute(base: str, value: str) -> str | None:
    """Return an address made absolute, or None for one that is not of the web."""
    try:
        target = urljoin(base, value)
        return target if urlsplit(target).scheme.lower() in FOLLOWED else None
    except ValueError:
        return None
