"""
Gathers what was said later of captures and events, from wherever it stands in the files, until they are catalogued.

Later looks go to the catalogue at once, where captures find them when they come. Events that hold no more and
people's words wait for the events and articles they speak of.
"""

from collections.abc import Callable
from types import TracebackType

from sqlalchemy import Connection

from archive import urls
from archive.catalog import articles, entries, restatements
from archive.catalog.columns import to_micros
from archive.catalog.restatements import Restatement
from archive.ingest.judging import keep_judgement
from archive.ingest.restated import Look, NewText, event_from, event_values
from archive.ingest.restating import heed_restatements
from archive.ingest.scanning import Later
from archive.model import Extraction, Judgement
from archive.opening import Stores
from archive.warc.spool import Spool

__all__ = ["Afterwards"]

#: Texts and later looks that share one transaction.
BATCH = 200

Contents = Callable[[Connection], Callable[[str], Extraction]]


class Afterwards:
    """What was said later; use as a context manager."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._judged: list[Judgement] = []
        self._texts: list[NewText] = []
        self._restated: list[Restatement] = []
        self._superseded = Spool(stores.home)
        self._has_looks = False

    def __enter__(self) -> "Afterwards":
        """Gather."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was gathered."""
        self._superseded.__exit__(kind, error, trace)

    def add(self, said: Later) -> None:
        """Take one word."""
        match said:
            case Judgement():
                self._judged.append(said)
            case NewText():
                self._texts.append(said)
            case Look():
                self._has_looks = True
                self._restated += [one.at(said.at) for one in said.captures]
                for event in said.superseded:
                    self._superseded.add([to_micros(event.first_seen_at), event.id, event_values(event)])
        if len(self._texts) + len(self._restated) >= BATCH:
            self.keep()

    def keep(self) -> None:
        """Write later looks; to be called before the captures they speak of are catalogued."""
        if not self._texts and not self._restated:
            return
        with self._stores.catalogue.writing() as connection:
            for one in self._texts:
                entries.add_content(connection, one.digest, one.extraction)
            restatements.upsert_restatements(connection, self._restated)
        self._texts.clear()
        self._restated.clear()

    def settle(self, contents: Contents) -> None:
        """Let all of it count, once the captures are catalogued. Idempotent; nothing is alerted."""
        if self._has_looks:
            with self._stores.catalogue.writing() as connection:
                heed_restatements(connection, contents(connection))
        self._keep_superseded()
        said, self._judged = self._judged, []
        for one in said:
            with self._stores.catalogue.writing() as connection:
                keep_judgement(connection, one, contents(connection))

    def _keep_superseded(self) -> None:
        if not len(self._superseded):
            return
        with self._stores.catalogue.writing() as connection:
            for _, _, values in self._superseded.in_order():
                event = event_from(values)
                article_id = articles.article_by_key(connection, urls.identity_key(event.article))
                if article_id is not None:
                    entries.add_superseded(connection, article_id, event)
