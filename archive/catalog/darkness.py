"""
What is kept dark: archived and compared, but shown to nobody who does not ask for it by name.

A capture is dark from the moment it is taken; an article is dark while its latest look is. Readers' queries narrow
by `shown_article` or `shown_capture`, and nothing else of the catalogue knows of it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, insert, select

from archive.catalog.schema import capture, dark_article

__all__ = ["is_dark_article", "settle_darkness", "shown_article", "shown_capture"]


def shown_article(article_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that an article may be shown."""
    return ~exists().where(dark_article.c.article_id == article_id)


def shown_capture() -> ColumnElement[bool]:
    """Return the condition that a capture may be shown."""
    return capture.c.is_dark.is_(False) & shown_article(capture.c.article_id)


# Asked for every capture: built once.
_DARK = select(dark_article.c.article_id).where(dark_article.c.article_id == bindparam("article"))
_LATEST = (
    select(capture.c.is_dark)
    .where(capture.c.article_id == bindparam("article"), capture.c.content.is_not(None))
    .order_by(capture.c.captured_at.desc(), capture.c.record_id.desc())
    .limit(1)
)


def is_dark_article(connection: Connection, article_id: int) -> bool:
    """Tell whether an article is kept dark."""
    return connection.execute(_DARK, {"article": article_id}).first() is not None


def settle_darkness(connection: Connection, article_id: int) -> None:
    """Let an article be as dark as its latest look."""
    wanted = bool(connection.execute(_LATEST, {"article": article_id}).scalar())
    if wanted == is_dark_article(connection, article_id):
        return
    if wanted:
        connection.execute(insert(dark_article).values(article_id=article_id))
    else:
        connection.execute(delete(dark_article).where(dark_article.c.article_id == article_id))
