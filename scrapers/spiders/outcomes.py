"""What an exchange means for its visit. Pure: values in, values out."""

from collections.abc import Sequence
from dataclasses import replace

from archive.digests import sha256
from archive.ingest import Catalogued
from archive.model import Exchange
from archive.rights import rights_of
from archive.urls import same_site
from scrapers.discovery.found import Found, ListingError
from scrapers.discovery.listings import ListingContent, body_of, read_listing
from scrapers.fetching.answers import header_of
from scrapers.fetching.manners import host_of
from scrapers.frontier import Outcome, Visit

__all__ = ["other_hosts", "outcome_of", "wishes_of", "with_listing"]

#: Bytes of an unreadable body that are set aside.
ASIDE = 1 << 20
#: Statuses that are news about an article, not trouble.
GONE = frozenset({404, 410})


def outcome_of(exchange: Exchange, stored: Catalogued | None) -> Outcome:
    """Return the outcome that an exchange by itself stands for."""
    problem, detail = exchange.problem or "", exchange.detail
    status = exchange.status
    if not problem and status is not None and status >= 400 and status not in GONE:
        problem, detail = f"http_{status}", f"the server answers {status}"
    if not problem and stored is not None and stored.missing:
        problem, detail = "page_missing", stored.missing
    # That the first page did not change says nothing of the pages behind it.
    is_telling = stored is None or not stored.is_joined
    return Outcome(
        status=status,
        verdict=stored.verdict if stored else None,
        page_kind=stored.page_kind if stored else None,
        article_id=stored.article_id if stored else None,
        etag=(header_of(exchange, "etag") or None) if is_telling else None,
        last_modified=(header_of(exchange, "last-modified") or None) if is_telling else None,
        problem=problem,
        detail=detail,
        problem_uri=exchange.url,
    )


def with_listing(visit: Visit, exchange: Exchange, outcome: Outcome) -> Outcome:
    """Read what a listing names into its outcome; a body that is the same as the last one is not read."""
    if outcome.status in GONE:
        return replace(outcome, problem=f"http_{outcome.status}", detail=f"the {visit.kind} is gone")
    if outcome.status != 200 or outcome.problem:
        return outcome
    digest = sha256(exchange.rendering.html if exchange.rendering else exchange.body)
    if digest == visit.payload_digest:
        return replace(outcome, payload_digest=digest)
    try:
        content = read_listing(visit.kind, exchange)
    except ListingError as error:
        return replace(outcome, problem=error.reason, detail=str(error), aside=exchange.body[:ASIDE])
    outcome = replace(outcome, listing=content, payload_digest=digest)
    return replace(outcome, problem="too_many_urls", detail=_cut(content)) if content.is_cut else outcome


def _cut(content: ListingContent) -> str:
    return f"names more addresses than are taken; {len(content.found)} were looked at"


def wishes_of(exchange: Exchange) -> tuple[str, ...]:
    """Return what a page asks of archives."""
    headers = [
        (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in exchange.response_headers
    ]
    return rights_of(headers, body_of(exchange) if exchange.status == 200 else b"")


def other_hosts(own: str, found: Sequence[Found], *, most: int) -> dict[str, str]:
    """Return hosts of other sites that a listing names, each with one of its addresses."""
    hosts: dict[str, str] = {}
    for one in found:
        try:
            host = host_of(one.url)
        except ValueError:
            continue
        if host and host not in hosts and not same_site(one.url, own):
            hosts[host] = one.url
            if len(hosts) >= most:
                break
    return hosts
