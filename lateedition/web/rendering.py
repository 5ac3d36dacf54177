"""Makes pages out of templates: what every template sees, and how archived text is put into it."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from lateedition.web import snippets, times
from lateedition.web.legible import clip, language_tag, legible

__all__ = ["environment", "memento_path", "render"]

#: Day, time of day to the minute, offset.
STATED = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
TEMPLATES = Path(__file__).parent / "templates"


def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a misspelt name is an error."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=legible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "calendar_day": times.calendar_day,
        "clip": clip,
        "clock_time": times.clock_time,
        "exact": times.exact,
        "machine": times.machine,
        "language_tag": language_tag,
        "live_link": live_link,
        "stated": stated,
        "thousands": lambda number: f"{number:,}",
    }
    templates.globals |= {
        "ago": times.ago,
        "badges": snippets.badges,
        "memento_path": memento_path,
        "note_name": snippets.note_name,
        "query": lambda path, **values: f"{path}?{urlencode(values)}",
        "snippet_of": snippets.snippet_of,
        "timestamp": times.timestamp,
        "style_of": snippets.style_of,
        "tracks": snippets.TRACKS,
    }
    return templates


def render(request: Request, name: str, code: int = 200, **values: Any) -> Response:
    """Return a page."""
    state = request.app.state
    shared = {"now": state.archive.now, "notice": state.notice, "refresh": 0, "path": request.url.path}
    html = state.templates.get_template(name).render(**(shared | values))
    return Response(html, code, media_type="text/html; charset=utf-8")


def memento_path(url: str, moment: Any, modifier: str = "") -> str:
    """Return where a capture is replayed."""
    return f"/web/{moment:%Y%m%d%H%M%S}{modifier}/{quote(url, safe=UNTOUCHED)}"


def stated(moment: str) -> str:
    """Return a time as a page states it, laid out for reading: `2018-07-19 18:00 -04:00`."""
    found = STATED.fullmatch(moment)
    return " ".join(part for part in found.groups() if part) if found else moment


def live_link(url: str) -> str | None:
    """Return an address that a reader may be sent to, or None: pages state anything as their address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


#: What may stand in a path and a query as it is (RFC 3986 §3.3, §3.4), percent signs included.
UNTOUCHED = "%/:?&=+,;@!$'()*~[]"
