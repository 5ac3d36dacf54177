"""Tells the page itself from its AMP twin and from further pages of a split article."""

import re
from urllib.parse import parse_qs, urlsplit

from archive.text.page import Page

__all__ = ["rendition_of"]

AMP_TAG = re.compile(r"<html[^>]{0,300}\s(amp|⚡|&#x26a1;)[\s=>]", re.IGNORECASE)


def rendition_of(page: Page) -> str:
    """Return "" for the page itself, "amp" for its AMP twin, "part" for page two and on."""
    if AMP_TAG.search(page.html[:2000]):
        return "amp"
    number = parse_qs(urlsplit(page.url).query).get("page", ["1"])[0]
    if number.isdigit() and int(number) > 1:
        return "part"
    return ""
