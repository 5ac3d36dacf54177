"""Edits as Atom, RSS and JSON Feed, with the filters of the lists."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from archive.edits import SegmentKind
from archive.model import Event
from archive.reading.lines import iso
from lateedition.web.api import archive_of
from lateedition.web.picture import headline_change
from lateedition.web.queries import Filters, edit_query
from lateedition.web.snippets import snippets

__all__ = ["router"]

router = APIRouter(prefix="/feeds", include_in_schema=False)

ATOM = "http://www.w3.org/2005/Atom"


@router.get("/edits.atom")
def atom(request: Request, filters: Filters) -> Response:
    """Edits as an Atom feed (RFC 4287)."""
    events = _events(request, filters)
    base = _base(request)
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _child(feed, "title", "Late Edition: edits")
    _child(feed, "id", "urn:lateedition:edits")
    _child(feed, "updated", iso(_changed(events[0]) if events else archive_of(request).now) or "")
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=_self(request))
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="alternate", href=f"{base}/")
    for event in events:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _child(entry, "title", _title(event))
        _child(entry, "id", f"urn:lateedition:event:{event.id}")
        _child(entry, "updated", iso(_changed(event)) or "")
        _child(entry, "published", iso(event.first_seen_at) or "")
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=_link(base, event))
        author = ET.SubElement(entry, f"{{{ATOM}}}author")
        _child(author, "name", event.source)
        _child(entry, "summary", event.summary)
        _child(entry, "content", _html(event), type="html")
    return Response(_xml(feed), media_type="application/atom+xml; charset=utf-8")


@router.get("/edits.rss")
def rss(request: Request, filters: Filters) -> Response:
    """Edits as an RSS 2.0 feed."""
    base = _base(request)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    for name, text in (
        ("title", "Late Edition: edits"),
        ("link", f"{base}/"),
        ("description", "Articles that were edited"),
    ):
        ET.SubElement(channel, name).text = text
    for event in _events(request, filters):
        item = ET.SubElement(channel, "item")
        for name, text in (
            ("title", _title(event)),
            ("link", _link(base, event)),
            ("pubDate", format_datetime(_changed(event))),
            ("description", _html(event)),
        ):
            ET.SubElement(item, name).text = _legal(text)
        ET.SubElement(item, "guid", isPermaLink="false").text = f"urn:lateedition:event:{event.id}"
    return Response(_xml(root), media_type="application/rss+xml; charset=utf-8")


@router.get("/edits.json")
def json_feed(request: Request, filters: Filters) -> Response:
    """Edits as a JSON Feed 1.1."""
    base = _base(request)
    items: list[dict[str, Any]] = [
        {
            "id": f"urn:lateedition:event:{event.id}",
            "url": _link(base, event),
            "external_url": event.article,
            "title": _title(event),
            "summary": event.summary,
            "content_html": _html(event),
            "date_published": iso(event.first_seen_at),
            "date_modified": iso(_changed(event)),
            "authors": [{"name": event.source}],
        }
        | ({"image": f"{base}/picture/{event.id}.svg"} if headline_change(event) else {})
        for event in _events(request, filters)
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Late Edition: edits",
        "home_page_url": f"{base}/",
        "feed_url": _self(request),
        "items": items,
    }
    return JSONResponse(feed, media_type="application/feed+json")


def _events(request: Request, filters: Filters) -> Sequence[Event]:
    return list(archive_of(request).edits(edit_query(filters), newest_first=True, limit=filters.limit))


def _self(request: Request) -> str:
    return _legal(str(request.url))


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _link(base: str, event: Event) -> str:
    return f"{base}/article?url={quote(event.article, safe='')}&event={event.id}"


def _title(event: Event) -> str:
    said = f" ({event.disclosure})" if event.kind == "edit" and event.disclosure != "none" else ""
    return f"{event.source}: {event.headline}{said}"


def _changed(event: Event) -> datetime:
    return event.confirmed_at or event.first_seen_at


def _html(event: Event) -> str:
    tags = {SegmentKind.INSERT: "ins", SegmentKind.DELETE: "del"}
    parts = [f"<p>{escape(event.summary)}</p>"]
    for snippet in snippets(event):
        pieces = [
            f"<{tags[one.kind]}>{escape(one.text)}</{tags[one.kind]}>"
            if one.kind in tags
            else escape(one.text)
            for one in snippet.segments
        ]
        parts.append(f"<p>{escape(snippet.track)}: {''.join(pieces)}</p>")
    return "".join(parts)


def _child(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = _legal(text)


def _legal(text: str) -> str:
    """Leave out characters that XML 1.0 has no place for (§2.2)."""
    return "".join(
        one
        for one in text
        if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff" and not "\ud800" <= one <= "\udfff")
    )


def _xml(root: ET.Element) -> bytes:
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data
