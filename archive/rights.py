"""
What an answer asks of archives: not to keep it (`noarchive`), not to mine it (TDM reservation). Pure.

Both are read from the header section and from the page's own `meta` elements.
"""

import re
from collections.abc import Iterable

__all__ = ["rights_of"]

#: Bytes of a page in which its `meta` elements stand.
HEAD = 64 << 10
#: A robot that a rule of X-Robots-Tag is for stands before a colon; directives have none but these.
DATED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
META = re.compile(rb"<meta\b[^>]{0,1000}>", re.IGNORECASE)
NAME = re.compile(rb"""\bname\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
OURSELVES = ("lateedition", "late-edition")


def rights_of(headers: Iterable[tuple[str, str]], page: bytes = b"") -> tuple[str, ...]:
    """
    Return what is asked: any of "noarchive" and "tdm-reservation".

    Args:
        headers: names in lower case, with their values.
        page: the page's bytes, content coding undone.
    """
    asked: set[str] = set()
    for name, value in headers:
        if name == "x-robots-tag" and "noarchive" in _directives(value):
            asked.add("noarchive")
        elif name == "tdm-reservation" and value.strip() == "1":
            asked.add("tdm-reservation")
    for element in META.findall(page[:HEAD]):
        named, content = NAME.search(element), CONTENT.search(element)
        if named and content:
            asked |= _by_meta(named.group(1).decode("latin-1").lower(), _first(content.groups()))
    return tuple(sorted(asked))


def _by_meta(name: str, content: str) -> set[str]:
    if name in ("robots", *OURSELVES) and "noarchive" in _directives(content):
        return {"noarchive"}
    return {"tdm-reservation"} if name == "tdm-reservation" and content.strip() == "1" else set()


def _directives(value: str) -> set[str]:
    """Return the directives that are for every robot, or for ours."""
    robot, colon, rest = value.partition(":")
    if colon and robot.strip().lower() not in DATED and "," not in robot:
        value = rest if robot.strip().lower() in OURSELVES else ""
    return {word.strip().lower() for word in value.split(",")}


def _first(groups: Iterable[bytes | None]) -> str:
    return next((one for one in groups if one), b"").decode("latin-1")
