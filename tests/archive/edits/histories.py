"""Builds histories of one article for tests: what was seen when, and what the ledger makes of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from archive.digests import sha256
from archive.edits import Folded, Noise, fold
from archive.model import (
    Event,
    Extraction,
    Note,
    NoteKind,
    Observation,
    PageKind,
    RedirectAim,
    Verdict,
)

START = datetime(2026, 7, 19, 12, 0, tzinfo=UTC)

BODY = (
    "The river crested at 23 feet on Monday evening, forcing the evacuation of about 400 homes.",
    "Mayor Ana Ruiz said the levee system had held through the worst of the storm.",
    "“We are not out of this yet,” she told reporters at a shelter in the high school.",
    "Farmers downstream said they had lost much of the early soybean crop.",
    "Officials planned to open four additional shelters on Tuesday morning.",
)


def story(*body: str, headline: str = "River crests at 23 feet", **more: object) -> Extraction:
    """Return what a page says; the flood story unless told otherwise."""
    return replace(
        Extraction(page_kind=PageKind.ARTICLE, headline=headline, body=body or BODY),
        **more,  # type: ignore[arg-type]
    )


def changed(number: int, text: str, *, of: Extraction | None = None) -> Extraction:
    """Return the story with one paragraph replaced ("" takes it away)."""
    base = of or story()
    body = (
        [*base.body[:number], text, *base.body[number + 1 :]]
        if text
        else [*base.body[:number], *base.body[number + 1 :]]
    )
    return replace(base, body=tuple(body))


def note(text: str, *kinds: NoteKind) -> Note:
    """Return a publisher's note."""
    return Note(text=text, kinds=kinds or (NoteKind.CORRECTION,))


class History:
    """Captures of one article, made one after the other; `fold` tells what they come to."""

    def __init__(self, start: datetime = START) -> None:
        self.at = start
        self.seen: list[Observation] = []
        self.contents: dict[str, Extraction] = {}

    def show(self, *shown: Extraction, after: float = 30, **fields: object) -> "History":
        """Capture what the page says, each `after` minutes after the one before."""
        for one in shown:
            digest = sha256(repr(one).encode())
            self.contents[digest] = one
            self._add(
                after, status=200, page_kind=one.page_kind, content=digest, rendition=one.rendition, **fields
            )
        return self

    def fail(self, status: int | None, *, after: float = 30, kind: PageKind | None = None) -> "History":
        """Capture an answer that shows no article."""
        return self._add(after, status=status, page_kind=kind)

    def lead(self, aim: RedirectAim, target: str = "", *, after: float = 30) -> "History":
        """Capture a redirect."""
        return self._add(after, status=302, aim=aim, target=target or None)

    def _add(self, after: float, **fields: object) -> "History":
        self.at += timedelta(minutes=after)
        name = f"{len(self.seen):032x}"
        self.seen.append(Observation(capture=name, at=self.at, **fields))  # type: ignore[arg-type]
        return self

    def fold(self, noise: Noise | None = None) -> Folded:
        """Return what the captures come to."""
        return fold(self.seen, self.contents.__getitem__, article="https://news.example/a", noise=noise or {})

    @property
    def verdicts(self) -> list[Verdict]:
        """What each capture is called in the end."""
        folded = self.fold()
        return [folded.captures[one.capture][0] for one in self.seen]

    @property
    def events(self) -> list[Event]:
        """Events that hold, oldest first."""
        return holding(self.fold().events)

    @property
    def alerts(self) -> list[Event]:
        """Events that raise an alert."""
        return [event for event in self.events if event.alert]


def holding(events: Iterable[Event]) -> list[Event]:
    """Return the events that were not superseded."""
    return [event for event in events if not event.is_superseded]
