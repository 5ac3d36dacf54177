"""Tells the page itself from its AMP twin and from further pages of a split article."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

from archive.text.page import Page

__all__ = ["announces_more", "rendition_of"]

#: What the address of a further page has behind the page's own.
FURTHER = re.compile(
    r"(?:[?&](?:page|p|pg|seite|pagina)=\d{1,3}|/(?:page/|seite-|p)?\d{1,3})/?$", re.IGNORECASE
)
AMP_TAG = re.compile(r"<html[^>]{0,300}\s(amp|⚡|&#x26a1;)[\s=>]", re.IGNORECASE)


def rendition_of(page: Page) -> str:
    """Return "" for the page itself, "amp" for its AMP twin, "part" for page two and on."""
    if AMP_TAG.search(page.html[:2000]):
        return "amp"
    number = parse_qs(urlsplit(page.url).query).get("page", ["1"])[0]
    if number.isdigit() and int(number) > 1:
        return "part"
    return ""


def announces_more(page: Page) -> bool:
    """Tell whether the page says that its article goes on on a further page (`rel=next` to a page of its own)."""
    own = page.url.split("#")[0].split("?")[0].rstrip("/")
    anchors = (one.attributes for one in page.outline.elements if one.tag == "a")
    for link in (*page.outline.links, *anchors):
        if "next" in (link.get("rel") or "").lower().split():
            target = urljoin(page.url, link.get("href") or "")
            if target.startswith(own) and FURTHER.search(target[len(own) :]):
                return True
    return False
