"""Fills the full-text index of a catalogue that was written before there was one, or by another way of cutting text."""

from collections.abc import Callable

from sqlalchemy import Connection, func, select

from archive.catalog.catalogue import Catalogue
from archive.catalog.ledger import content_json, events_of, versions_of
from archive.catalog.schema import article
from archive.catalog.search_index import begin_anew, index_event, index_version, is_whole, set_whole
from archive.text.contents import extraction_from

__all__ = ["fill_search_index"]

#: Articles indexed in one transaction: others wait no longer than this takes.
BATCH = 100


def fill_search_index(
    catalogue: Catalogue,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    ending: Callable[[], bool] = lambda: False,
) -> int:
    """
    Index what is not indexed yet; return how many articles were looked at.

    Others may read and write meanwhile, and may do the same: what is indexed already is left alone.

    Args:
        progress: told (articles done, articles in all).
        ending: asked between two transactions; when true, the rest is left to the next call.
    """
    with catalogue.reading() as connection:
        if is_whole(connection):
            return 0
        total = int(connection.execute(select(func.count()).select_from(article)).scalar_one())
    with catalogue.writing() as connection:
        begin_anew(connection)
    last, done = 0, 0
    while not ending():
        with catalogue.writing() as connection:
            rows = _articles_after(connection, last)
            for row in rows:
                _index_article(connection, row)
            if not rows:
                set_whole(connection)
                return done
        last, done = rows[-1], done + len(rows)
        progress(done, max(total, done))
    return done


def _articles_after(connection: Connection, last: int) -> list[int]:
    found = connection.execute(
        select(article.c.id).where(article.c.id > last).order_by(article.c.id).limit(BATCH)
    )
    return [row[0] for row in found]


def _index_article(connection: Connection, article_id: int) -> None:
    for version in versions_of(connection, article_id):
        values = content_json(connection, version.content)
        if values is not None:
            index_version(connection, article_id, version, lambda said=values: extraction_from(said))  # type: ignore[misc]
    for event in events_of(connection, article_id):
        index_event(connection, event)
