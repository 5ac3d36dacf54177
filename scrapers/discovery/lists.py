"""Reads what `watch --file` takes: a list of addresses, one a line, or the OPML that feed readers export. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from scrapers.discovery.found import ListingError

__all__ = ["Listed", "read_list"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One address of a list, and what the list calls it."""

    url: str
    name: str = ""


def read_list(data: bytes, place: str) -> Sequence[Listed]:
    """
    Return the addresses of a list, each once, in order.

    Args:
        place: the file's name, for messages.

    Raises:
        ListingError: it is a broken OPML file, or names nothing.
    """
    start = data[:500].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    found = _outlines(data, place) if start.startswith((b"<?xml", b"<opml")) else _lines(data)
    unique: dict[str, Listed] = {}
    for one in found:
        unique.setdefault(one.url, one)
    if not unique:
        raise ListingError("bad_feed", f"{place}: names no addresses; write one a line, or give an OPML file")
    return list(unique.values())


def _lines(data: bytes) -> list[Listed]:
    lines = (line.strip() for line in data.decode("utf-8-sig", "replace").splitlines())
    return [Listed(line) for line in lines if line and not line.startswith("#")]


def _outlines(data: bytes, place: str) -> list[Listed]:
    if b"<!ENTITY" in data[:10_000]:
        raise ListingError("bad_feed", f"{place}: declares XML entities; it is not read")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError as error:
        raise ListingError("bad_feed", f"{place}: is no OPML ({error.msg})") from error
    if root is None:
        raise ListingError("bad_feed", f"{place}: is no OPML")
    found = []
    for outline in root.iter("outline"):
        attributes = {name.lower(): value.strip() for name, value in outline.attrib.items()}
        url = attributes.get("xmlurl") or attributes.get("htmlurl") or ""
        if url:
            found.append(Listed(url, attributes.get("title") or attributes.get("text") or ""))
    return found
