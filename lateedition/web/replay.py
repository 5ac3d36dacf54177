"""Replay: mementos for reading, archived bytes, TimeMaps and TimeGates (RFC 7089). Nothing is ever fetched."""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote, urljoin

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from archive.catalog.cdx import IndexRow
from archive.errors import RecordDamagedError
from archive.reading import ArchivedAnswer
from archive.text.decoding import decode_html
from lateedition.web.api import archive_of
from lateedition.web.mementos import http_date, links_of, moment_of, nearest, parse_http_date, time_map
from lateedition.web.policy import ARCHIVED, PAGE_POLICY
from lateedition.web.rendering import UNTOUCHED, memento_path, render
from lateedition.web.rewriting import readable

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

#: `20180720001500`, with a modifier such as `id_` or `im_`, and the address.
TIMED = re.compile(r"(\d{1,14})([a-z]{2}_)?/(.+)", re.DOTALL)
#: A digit that is followed by a slash but is no time ("/web/abc/…") is an address nobody archived.
GATE, MAP = "timegate/", "timemap/link/"
HTML = re.compile(r"text/html|application/xhtml\+xml", re.IGNORECASE)
#: Characters that a field of our own answer may hold (RFC 9110 §5.5).
FIELD = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: Archived headers that say nothing outside the exchange they were sent in.
UNSAID = frozenset({"set-cookie", "set-cookie2"})


@router.api_route("/web/{rest:path}", methods=["GET", "HEAD"])
def replay(request: Request) -> Response:
    """Answer `/web/…`: a TimeMap, a TimeGate, or a memento."""
    rest = _as_sent(request)
    if rest.startswith(MAP):
        return _time_map(request, rest.removeprefix(MAP))
    timed = TIMED.fullmatch(rest)
    if rest.startswith(GATE) or timed is None:
        return _time_gate(request, rest.removeprefix(GATE))
    digits, modifier, url = timed.groups()
    return _memento(request, digits, modifier or "", url)


def _as_sent(request: Request) -> str:
    """Return what stands behind `/web/` as it was sent, query included: the address is not to be decoded."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("latin-1").partition("/web/")[2]
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


def _found(request: Request, url: str) -> tuple[str, Sequence[IndexRow]]:
    """Return the address that was meant and its mementos: as sent, else with its escapes undone."""
    archive = archive_of(request)
    # Some clients and proxies fold the two slashes of `https://` into one.
    url = re.sub(r"^(https?):/(?=[^/])", r"\1://", url)
    for one in dict.fromkeys((url, unquote(url))):
        if "://" in one and (found := archive.mementos(one)):
            return one, found
    return url, ()


def _unknown(request: Request, url: str) -> Response:
    """Say that nothing is archived, inside the frame of an archived page as well."""
    response = render(request, "unknown.html", 404, url=unquote(url), nearest=())
    response.headers["Content-Security-Policy"] = PAGE_POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    return response


def _redirect(target: str, headers: dict[str, str] | None = None) -> Response:
    """Lead on inside the archive; an archived page of no origin may follow."""
    policy = {"Cross-Origin-Resource-Policy": ARCHIVED["Cross-Origin-Resource-Policy"]}
    return RedirectResponse(target, 302, policy | (headers or {}))


def _time_map(request: Request, url: str) -> Response:
    url, mementos = _found(request, url)
    if not mementos:
        return _unknown(request, url)
    return Response(time_map(_base(request), url, mementos), media_type="application/link-format")


def _time_gate(request: Request, url: str) -> Response:
    url, mementos = _found(request, url)
    if not mementos:
        return _unknown(request, url)
    asked = request.headers.get("accept-datetime")
    chosen = nearest(mementos, parse_http_date(asked)) if asked else mementos[-1]
    headers = {"Vary": "accept-datetime", "Link": links_of(_base(request), url, mementos)}
    return _redirect(memento_path(chosen.uri, chosen.captured_at), headers)


def _memento(request: Request, digits: str, modifier: str, url: str) -> Response:
    moment = moment_of(digits if len(digits) >= 4 else digits + "0")
    url, mementos = _found(request, url)
    if not mementos:
        return _unknown(request, url)
    chosen = nearest(mementos, moment)
    if len(digits) < 14 or chosen.captured_at.replace(microsecond=0) != moment or chosen.uri != url:
        return _redirect(memento_path(chosen.uri, chosen.captured_at, modifier))
    try:
        answer = archive_of(request).answer(chosen)
    except RecordDamagedError as error:
        return render(request, "error.html", 502, status=502, detail=f"This capture cannot be read. {error}")
    if answer is None:
        detail = (
            "This capture says that nothing had changed, but the one it refers to is not in this archive."
        )
        return render(request, "error.html", 404, status=404, detail=detail)
    headers = _headers(request, url, mementos, chosen, answer)
    return _replayed(request, chosen, answer, modifier, headers)


def _replayed(
    request: Request, chosen: IndexRow, answer: ArchivedAnswer, modifier: str, headers: dict[str, str]
) -> Response:
    """Return an archived answer, as bytes or for reading."""
    if (location := answer.header("location")) and 300 <= answer.status < 400:
        target = urljoin(chosen.uri, location)
        headers["Location"] = memento_path(target, chosen.captured_at, modifier)
        return Response(b"", answer.status, headers)
    kind = answer.message.header("content-type")
    if modifier != "id_" and (HTML.match(kind) or not kind):
        shown = answer.message.decoded().data if answer.rendering is None else answer.rendering
        page = readable(
            decode_html(shown, kind),
            chosen.uri,
            lambda target, how: memento_path(target, chosen.captured_at, how),
        )
        return Response(page, answer.status, headers | {"Content-Type": "text/html; charset=utf-8"})
    body, coding = _entity(request, answer)
    headers["Content-Type"] = kind if kind and FIELD.fullmatch(kind) else "application/octet-stream"
    if coding:
        headers |= {"Content-Encoding": coding, "Vary": "Accept-Encoding"}
    return Response(body, _status(answer.status), headers)


def _entity(request: Request, answer: ArchivedAnswer) -> tuple[bytes, str]:
    """Return the entity as it was sent, with its coding if the reader knows that; else decoded."""
    message = answer.message
    entity, coding = message.entity(), message.header("content-encoding").strip().lower()
    if not coding or coding == "identity":
        return entity, ""
    decoded = message.decoded()
    if decoded.is_damaged or decoded.data == entity:
        return entity, ""
    accepted = {
        part.partition(";")[0].strip()
        for part in request.headers.get("accept-encoding", "").lower().split(",")
    }
    return (entity, coding) if coding in accepted else (decoded.data, "")


def _headers(
    request: Request, url: str, mementos: Sequence[IndexRow], chosen: IndexRow, answer: ArchivedAnswer
) -> dict[str, str]:
    """Return what a memento carries: our own headers live, the archived ones under a name that does nothing."""
    headers = dict(ARCHIVED)
    for name, value in answer.headers:
        if name not in UNSAID and NAME.fullmatch(name) and FIELD.fullmatch(value):
            key = f"X-Archive-Orig-{name}"
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
    headers["Memento-Datetime"] = http_date(chosen.captured_at)
    headers["Link"] = links_of(_base(request), url, mementos, chosen)
    return headers


def _status(status: int) -> int:
    """Return a status that may have a body and is an end: what was archived as 1xx, 204 or 304 becomes 200."""
    return 200 if status < 200 or status in (204, 205, 304) else status


def _base(request: Request) -> str:
    return quote(str(request.base_url).rstrip("/"), safe=UNTOUCHED)
