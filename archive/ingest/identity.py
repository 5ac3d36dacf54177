"""Says which article a capture belongs to, by address, canonical link and redirect."""

from datetime import datetime

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles
from archive.ingest.observing import Seen
from archive.model import PAGE, RedirectAim

__all__ = ["article_for", "bind_move"]


def article_for(
    connection: Connection, url: articles.UrlRow, seen: Seen, *, source_id: int, at: datetime
) -> int | None:
    """
    Return the article of a capture, made when this is the first trusted look at it; None when there is none.

    The original address is always kept: it is the capture's own.
    """
    if url.article_id is not None:
        return url.article_id
    known = articles.article_by_key(connection, urls.identity_key(url.uri))
    if seen.rendition == PAGE:
        # It belongs to its first page's article, and begins none.
        known = articles.article_by_key(connection, urls.identity_key(seen.canonical or url.uri)) or known
    elif known is None and seen.content is not None:
        known = _by_content(connection, url.uri, seen, source_id=source_id, at=at)
    if known is not None:
        articles.bind_url(connection, url.id, known)
        articles.bind_key(connection, urls.identity_key(url.uri), known)
    return known


def _by_content(connection: Connection, uri: str, seen: Seen, *, source_id: int, at: datetime) -> int:
    """Find the article by the page's canonical address, or begin a new one there."""
    canonical = urls.choose_canonical(uri, seen.canonical)
    key = urls.identity_key(canonical)
    known = articles.article_by_key(connection, key)
    if known is None:
        known = articles.add_article(connection, uri=canonical, source_id=source_id, at=at)
        articles.bind_key(connection, key, known)
    return known


def bind_move(connection: Connection, article_id: int, seen: Seen) -> None:
    """Let a redirect's target lead to the same article, unless another article lives there."""
    if seen.aim is not RedirectAim.ELSEWHERE or seen.target is None:
        return
    articles.bind_key(connection, urls.identity_key(seen.target), article_id)
