"""Turns the bytes of a page into text, once, and notices text that was decoded wrongly before it was sent."""

import codecs
import re

__all__ = ["decode_html", "is_garbled"]

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
#: Labels that browsers read as windows-1252 (WHATWG Encoding §4.2).
WESTERN = frozenset({"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii", "iso8859-1", "cp1252"})
#: Encodings whose bytes are valid UTF-8 and mean something else.
SEVEN_BITS = frozenset({"iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "utf-7"})
#: Where a `meta charset` must stand to count, with room to spare (HTML §4.2.5.4 asks for 1024 bytes).
HEAD = 4096
#: UTF-8 read as a one-byte encoding: a lead byte's character with a continuation byte's behind it.
GARBLED = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\u20ac]|\u00e2[\u0080\u20ac][\u0080-\u00bf\u0152\u0153\u0161\u2013-\u2122]"
)


def decode_html(html: bytes, content_type: str | None = None) -> str:
    """
    Decode a page: byte order mark, then UTF-8 where it is valid, then header, then meta, then windows-1252.

    Nothing else is valid UTF-8 by chance, and pages are converted more often than their labels. Never raises.
    """
    for mark, encoding in BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(encoding, "replace")
    if (wide := _wide(html)) is not None:
        return html.decode(wide, "replace")
    stated = HEADER.search(content_type or "")
    named = META.search(html[:HEAD])
    labels = [stated.group(1) if stated else "", named.group(1).decode("ascii") if named else ""]
    if not any(label.lower() in SEVEN_BITS for label in labels):
        labels.insert(0, "utf-8")
    for label in labels:
        if (text := _strictly(html, label)) is not None:
            return text
    return html.decode("utf-8", "replace") if _mostly_utf8(html) else html.decode("windows-1252", "replace")


def _wide(html: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark: every other byte of its markup is zero."""
    head = html[:200]
    if len(head) < 20 or head.count(0) < len(head) // 3:
        return None
    if head[1::2].count(0) > 0.8 * len(head[1::2]):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.8 * len(head[0::2]) else None


def is_garbled(text: str) -> bool:
    """Tell whether text shows UTF-8 that somebody read as a one-byte encoding ("Ã¼", "â€œ")."""
    return len(GARBLED.findall(text)) >= 3


def _strictly(html: bytes, label: str) -> str | None:
    if not label:
        return None
    label = label.lower()
    try:
        return html.decode("windows-1252" if label in WESTERN else label)
    except (LookupError, UnicodeDecodeError):
        return None


def _mostly_utf8(html: bytes) -> bool:
    """Tell whether a page is UTF-8 but for a few broken bytes, as pages put together from parts are."""
    text = html.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken < 20 and sum(character > "\u007f" for character in text) > 4 * broken
