"""Queries on addresses and the articles they lead to."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Update, bindparam, insert, select, update

from archive.catalog.dialects import dialect_of
from archive.catalog.schema import article, article_key, source, url
from archive.model import Article

__all__ = [
    "ArticleRow",
    "UrlRow",
    "add_article",
    "article_at",
    "article_by_key",
    "article_row",
    "article_values",
    "bind_key",
    "bind_url",
    "ensure_url",
    "similar_uris",
    "update_article",
    "url_row",
]


@dataclass(frozen=True, slots=True)
class UrlRow:
    """An address the archive knows."""

    id: int
    uri: str
    article_id: int | None


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What is needed of an article to judge its next capture."""

    id: int
    uri: str
    source_id: int
    history: str
    last_seen_at: datetime
    captures: int


def url_row(connection: Connection, uri: str) -> UrlRow | None:
    """Look an address up."""
    row = connection.execute(_URL, {"uri": uri}).first()
    return None if row is None else UrlRow(*row)


# Asked for every capture: a statement that is built once costs a fifth of one that is built each time.
_URL = select(url.c.id, url.c.uri, url.c.article_id).where(url.c.uri == bindparam("uri"))
_BY_KEY = select(article_key.c.article_id).where(article_key.c.key == bindparam("key"))
_ROW = select(
    article.c.id,
    article.c.uri,
    article.c.source_id,
    article.c.history,
    article.c.last_seen_at,
    article.c.captures,
).where(article.c.id == bindparam("row"))


@lru_cache(maxsize=64)
def _change(columns: tuple[str, ...]) -> Update:
    """Return the statement that changes these columns of an article."""
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return update(article).where(article.c.id == bindparam("row")).values(changed)


def ensure_url(connection: Connection, uri: str, urlkey: str, host: str) -> UrlRow:
    """Return the address's row, made if need be."""
    known = url_row(connection, uri)
    if known is not None:
        return known
    dialect = dialect_of(connection)
    connection.execute(
        dialect.insert(url)
        .values(uri=uri, urlkey=urlkey, host=host)
        .on_conflict_do_nothing(index_elements=["uri"])
    )
    made = url_row(connection, uri)
    assert made is not None  # noqa: S101 - inserted or found by the statement above
    return made


def bind_url(connection: Connection, url_id: int, article_id: int) -> None:
    """Say which article an address leads to."""
    connection.execute(update(url).where(url.c.id == url_id).values(article_id=article_id))


def article_by_key(connection: Connection, key: str) -> int | None:
    """Return the article that owns an identity key."""
    return connection.execute(_BY_KEY, {"key": key}).scalar()


def bind_key(connection: Connection, key: str, article_id: int) -> None:
    """Give an identity key to an article, unless another one owns it."""
    dialect = dialect_of(connection)
    connection.execute(
        dialect.insert(article_key)
        .values(key=key, article_id=article_id)
        .on_conflict_do_nothing(index_elements=["key"])
    )


def add_article(connection: Connection, *, uri: str, source_id: int, at: datetime) -> int:
    """Add an article of which nothing is known but its address."""
    return int(
        connection.execute(
            insert(article)
            .values(
                uri=uri,
                source_id=source_id,
                headline="",
                first_seen_at=at,
                last_seen_at=at,
                versions=0,
                captures=0,
                history="",
            )
            .returning(article.c.id)
        ).scalar_one()
    )


def article_row(connection: Connection, article_id: int) -> ArticleRow:
    """Return what the ledger needs of an article."""
    row = connection.execute(_ROW, {"row": article_id}).one()
    return ArticleRow(*row)


def update_article(connection: Connection, article_id: int, **values: object) -> None:
    """Change columns of an article."""
    values = dict(sorted(values.items()))
    connection.execute(
        _change(tuple(values)), {"row": article_id, **{f"new_{name}": one for name, one in values.items()}}
    )


def article_values(connection: Connection, article_id: int) -> Article:
    """Return an article as readers see it."""
    return _article(connection.execute(_articles().where(article.c.id == article_id)).mappings().one())


def article_at(connection: Connection, uri: str, key: str) -> tuple[int, Article] | None:
    """Find an article by any address that leads to it, or by identity key."""
    found = connection.execute(select(url.c.article_id).where(url.c.uri == uri)).scalar()
    found = found if found is not None else article_by_key(connection, key)
    return None if found is None else (found, article_values(connection, found))


def similar_uris(connection: Connection, urlkey_prefix: str, limit: int = 5) -> list[str]:
    """Return addresses whose urlkey begins alike."""
    rows = connection.execute(
        select(url.c.uri)
        .where(url.c.urlkey >= urlkey_prefix, url.c.urlkey < urlkey_prefix + "\uffff")
        .order_by(url.c.urlkey)
        .limit(limit)
    )
    return [row[0] for row in rows]


def _articles() -> Select[tuple[object, ...]]:
    return select(article, source.c.name.label("source")).join(source, source.c.id == article.c.source_id)


def _article(row: RowMapping) -> Article:
    return Article(
        uri=row["uri"],
        source=row["source"],
        headline=row["headline"],
        published_at=row["published_at"],
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        removed_at=row["removed_at"],
        versions=row["versions"],
        captures=row["captures"],
    )
