"""The CDX server's API, as the Internet Archive has it: which captures there are."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import PlainTextResponse, Response

from archive import urls
from archive.catalog.cdx import IndexFilter, IndexRow, Place
from archive.catalog.columns import to_micros
from archive.errors import RecordDamagedError
from archive.model import RecordType
from archive.reading import Archive
from lateedition.web.api import archive_of
from lateedition.web.mementos import span_of
from lateedition.web.problems import BadRequestError
from lateedition.web.queries import moment_from, read_cursor, write_cursor
from lateedition.web.times import timestamp

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
#: Rows of one answer, at most and unless asked.
MOST = 100_000
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxQuery:
    """What is asked of the index."""

    wanted: IndexFilter
    fields: tuple[str, ...]
    #: Fields with the test that their value must pass.
    tests: tuple[tuple[str, Callable[[str], bool]], ...]
    #: Fields of which only the first of equal neighbours is kept, and how many characters count.
    collapses: tuple[tuple[str, int | None], ...]
    limit: int
    offset: int
    is_newest_first: bool
    after: Place | None

    @property
    def needs_mime(self) -> bool:
        """Whether the records themselves are to be looked at: the index does not hold their type."""
        named = (*self.fields, *[name for name, _ in self.tests], *[name for name, _ in self.collapses])
        return "mimetype" in named


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the answer."""

    values: dict[str, str]
    #: Where the row before it in the index stands: a resume key that leads to this one.
    prior: Place | None


@router.api_route("/cdx/search/cdx", methods=["GET", "HEAD"])
def cdx(request: Request) -> Response:
    """List captures."""
    params = request.query_params
    query = _query(params)
    lines = islice(_lines(archive_of(request), query), query.offset, None)
    if query.limit < 0:
        found = list(deque(lines, maxlen=min(-query.limit, MOST)))
        key = None
    else:
        count = min(query.limit, MOST)
        found = list(islice(lines, count + 1))
        key = _key(found[count].prior) if len(found) > count and _is_set(params, "showResumeKey") else None
        found = found[:count]
    rows = [[line.values[name] for name in query.fields] for line in found]
    return _json(query.fields, rows, key) if params.get("output") == "json" else _text(rows, key)


def _query(params: QueryParams) -> CdxQuery:
    fields = tuple(name for name in re.split(r"[,\s]+", params.get("fl", "")) if name) or FIELDS
    if unknown := [name for name in fields if name not in FIELDS]:
        message = f"fl: there is no field {unknown[0]!r}; they are {', '.join(FIELDS)}"
        raise BadRequestError(message)
    key = params.get("resumeKey")
    return CdxQuery(
        wanted=_wanted(params),
        fields=fields,
        tests=tuple(_test(one) for one in params.getlist("filter")),
        collapses=tuple(_collapse(one) for one in params.getlist("collapse")),
        limit=_number(params, "limit", MOST),
        offset=max(0, _number(params, "offset", 0)),
        is_newest_first=params.get("sort") == "reverse",
        after=_place(key) if key else None,
    )


def _wanted(params: QueryParams) -> IndexFilter:
    url, kind = params.get("url", "").strip(), params.get("matchType", "") or "exact"
    if not url:
        message = "url: is missing; ask for /cdx/search/cdx?url=https://news.example/story"
        raise BadRequestError(message)
    if url.startswith("*."):
        url, kind = url[2:], "domain"
    elif url.endswith("*"):
        url, kind = url[:-1], "prefix"
    try:
        key = urls.urlkey(url if "://" in url else f"http://{url}")
    except ValueError as error:
        message = f"url: {url!r} is no address ({error})"
        raise BadRequestError(message) from error
    host = key.partition(")")[0]
    if kind == "prefix" and url.endswith("/") and not key.endswith("/"):
        key += "/"
    prefixes = {
        "prefix": (key,),
        "host": (host + ")",),
        "domain": tuple(host.partition(":")[0] + end for end in "),:"),
        "exact": (),
    }.get(kind)
    if prefixes is None:
        message = f"matchType: {kind!r} is none of exact, prefix, host, domain"
        raise BadRequestError(message)
    since, until = params.get("from"), params.get("to")
    return IndexFilter(
        urlkey=None if prefixes else key,
        prefixes=prefixes,
        since=span_of(since)[0] if since else None,
        until=span_of(until)[1] if until else None,
    )


def _test(text: str) -> tuple[str, Callable[[str], bool]]:
    """Read `[!]field:regex`; the expression must fit the whole value."""
    name, colon, pattern = text.removeprefix("!").partition(":")
    if name not in FIELDS or not colon:
        message = f"filter: {text!r} is none; write it as statuscode:200 or !mimetype:warc/revisit"
        raise BadRequestError(message)
    try:
        expression = re.compile(pattern)
    except re.error as error:
        message = f"filter: {pattern!r} is no regular expression ({error})"
        raise BadRequestError(message) from error
    wanted = not text.startswith("!")
    return name, lambda value: bool(expression.fullmatch(value)) is wanted


def _collapse(text: str) -> tuple[str, int | None]:
    """Read `field` or `field:characters`."""
    name, _, length = text.partition(":")
    if name not in FIELDS or (length and not (length.isascii() and length.isdigit())):
        message = f"collapse: {text!r} is none; write it as digest or timestamp:8"
        raise BadRequestError(message)
    return name, int(length) if length else None


def _lines(archive: Archive, query: CdxQuery) -> Iterator[Line]:
    prior = query.after
    seen: dict[str, str | None] = dict.fromkeys((name for name, _ in query.collapses))
    for row in archive.index(query.wanted, after=query.after, newest_first=query.is_newest_first):
        values = _values(archive, row, with_mime=query.needs_mime)
        line, prior = Line(values, prior), row.place
        if not all(test(values[name]) for name, test in query.tests):
            continue
        kept = {name: values[name][:length] for name, length in query.collapses}
        if kept and kept == seen:
            continue
        seen = dict(kept)
        yield line


def _values(archive: Archive, row: IndexRow, *, with_mime: bool) -> dict[str, str]:
    return {
        "urlkey": row.urlkey.replace(" ", "%20"),
        "timestamp": timestamp(row.captured_at),
        "original": row.uri.replace(" ", "%20"),
        "mimetype": _mime(archive, row) if with_mime else "-",
        "statuscode": str(row.status),
        "digest": row.payload_digest or "-",
        "length": str(row.length),
    }


def _mime(archive: Archive, row: IndexRow) -> str:
    if row.record_type == RecordType.REVISIT:
        return "warc/revisit"
    try:
        found = MIME.match(archive.head(row).header("content-type"))
    except RecordDamagedError:
        return "unk"
    return found.group().lower() if found else "unk"


def _text(rows: list[list[str]], key: str | None) -> Response:
    lines = [" ".join(row) for row in rows]
    return PlainTextResponse("".join(f"{line}\n" for line in (*lines, *(["", key] if key else []))))


def _json(fields: tuple[str, ...], rows: list[list[str]], key: str | None) -> Response:
    answer = [list(fields), *rows] if rows else []
    if key:
        answer += [[], [key]]
    return Response(json.dumps(answer), media_type="application/json")


def _key(place: Place | None) -> str:
    assert place is not None  # noqa: S101 - a row behind the limit has one before it
    urlkey, moment, record = place
    return write_cursor(urlkey, to_micros(moment), record)


def _place(key: str) -> Place:
    urlkey, micros, record = read_cursor(key, str, int, str)
    return urlkey, moment_from(micros), record


def _number(params: QueryParams, name: str, usual: int) -> int:
    text = params.get(name, "")
    if not text:
        return usual
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        message = f"{name}: {text[:20]!r} is no number"
        raise BadRequestError(message)
    return int(text)


def _is_set(params: QueryParams, name: str) -> bool:
    return params.get(name, "").lower() in ("true", "1", "yes", "t")
