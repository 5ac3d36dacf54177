"""
The breaker for a whole outlet: one change of its template is one event, not an edit of each article.

Text that comes to, or goes from, many articles at once is the template's. It is named once, in an event of kind
`redesign`; from then on articles are compared without it, and those that were judged before it was known are
worked out anew. What else changed in them stays an edit: nothing true is lost.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from archive import edits
from archive.catalog import articles, blocks, captures, entries, ledger, sources
from archive.ingest.ledger import rework
from archive.model import Event, EventKind, Extraction, Observation

__all__ = ["look_back_for_redesign", "look_for_redesign"]

#: Articles that must share a block, and their share of those looked at since; beyond MANY the share does not count.
LEAST, SHARE, MANY = 5, 0.5, 12
#: How far apart the same change may come to different articles.
SPAN = timedelta(days=14)
#: Changes of an outlet's template that follow within this time belong to the redesign that was reported.
EPISODE = timedelta(days=30)
TICK = timedelta(microseconds=1)


def look_for_redesign(
    connection: Connection,
    article_id: int,
    seen: Observation,
    opened: Sequence[Event],
    contents: Callable[[str], Extraction],
) -> tuple[Event, ...]:
    """
    Note what blocks an edit brought and took; if the outlet changed them everywhere, call it a redesign.

    Returns the redesign's event when it is new, to be alerted once.
    """
    texts = {
        key: text for event in opened for text in edits.whole_texts(event) for key in edits.block_keys(text)
    }
    if not texts:
        return ()
    source_id = articles.article_row(connection, article_id).source_id
    blocks.add_blocks(connection, source_id, article_id, texts, seen.at)
    shared = blocks.shared_blocks(connection, source_id, list(texts), since=seen.at - SPAN, least=LEAST)
    known = blocks.noise_of(connection, source_id) if shared else {}
    fresh = [one for one in shared if one.key not in known and _is_everywhere(connection, source_id, one)]
    if not fresh:
        return ()
    began = min(one.first_at for one in fresh)
    affected = blocks.articles_with(connection, source_id, [one.key for one in fresh], since=began)
    event, is_new = _event(connection, source_id, affected, began=began, seen=seen)
    quoted = max((texts[one.key] for one in fresh), key=len)
    event = _told(event, quoted, max(one.articles for one in fresh))
    entries.upsert_event(connection, affected[0], source_id, event)
    blocks.add_noise(connection, source_id, [one.key for one in fresh], since=began - TICK, event=event.id)
    for one in affected:
        rework(connection, one, contents)
    return (event,) if is_new else ()


def look_back_for_redesign(
    connection: Connection, article_ids: Sequence[int], contents: Callable[[str], Extraction]
) -> None:
    """
    Look at all edits of articles whose histories were worked out anew; what is found is old, and not alerted.

    Those that were worked out before a template's text was known are worked out once more.
    """
    before = {one: _noise_of_article(connection, one) for one in article_ids}
    for article_id in article_ids:
        _look_back(connection, article_id, contents)
    for article_id, known in before.items():
        if _noise_of_article(connection, article_id) != known:
            rework(connection, article_id, contents)


def _noise_of_article(connection: Connection, article_id: int) -> dict[str, datetime]:
    return blocks.noise_of(connection, articles.article_row(connection, article_id).source_id)


def _look_back(connection: Connection, article_id: int, contents: Callable[[str], Extraction]) -> None:
    for event in ledger.events_of(connection, article_id):
        if event.kind is EventKind.EDIT and event.to_capture is not None:
            seen = Observation(capture=event.to_capture, at=event.first_seen_at, status=200)
            look_for_redesign(connection, article_id, seen, (event,), contents)


def _is_everywhere(connection: Connection, source_id: int, block: blocks.SharedBlock) -> bool:
    if block.articles >= MANY:
        return True
    return block.articles >= SHARE * blocks.articles_seen(connection, source_id, block.first_at)


def _event(
    connection: Connection, source_id: int, affected: Sequence[int], *, began: datetime, seen: Observation
) -> tuple[Event, bool]:
    """Return the outlet's redesign: the one that is known already, or a new one."""
    known = ledger.redesign_of(connection, source_id, seen.at - EPISODE)
    if known is not None:
        return known, False
    row = articles.article_row(connection, affected[0])
    first = captures.capture_at(connection, affected[0], began) or seen.capture
    name = sources.source_name(connection, source_id)
    return edits.event_of_redesign(
        name, row.uri, to_capture=first, first_seen_at=began, confirmed_at=seen.at
    ), True


def _told(event: Event, quoted: str, count: int) -> Event:
    return edits.told_redesign(event, quoted=quoted, articles=count)
