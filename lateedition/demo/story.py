"""What a story of the newspaper is, and how it reads at a given hour. Pure."""

from dataclasses import dataclass, replace

__all__ = ["Change", "Face", "Story", "face_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that an editor does to a story at some hour of the performance."""

    #: Hours of the paper's clock since the performance began.
    at: float
    #: What it is, in the words of the programme.
    said: str
    headline: str | None = None
    #: Words of the body and what stands there afterwards.
    swap: tuple[tuple[str, str], ...] = ()
    #: Paragraphs that are added at the end.
    adds: tuple[str, ...] = ()
    #: A note; `{stamp}` becomes the hour of the change, as a newsroom in New York writes it.
    note: str | None = None
    #: From now on the story is gone (True), or there again (False).
    gone: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of the newspaper."""

    slug: str
    section: str
    headline: str
    dek: str
    author: str
    #: Hours before the performance began (negative) or after.
    published: float
    body: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    #: A second headline that every other reader is shown, and the hours between which they are.
    other_headline: str = ""
    other_between: tuple[float, float] = (0.0, 0.0)
    #: Hours at which the next reader, and only that one, meets a consent wall.
    walls: tuple[float, ...] = ()
    #: Hours at which the next reader, and only that one, is told that the server is busy.
    outages: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A story as it reads at one moment."""

    headline: str
    dek: str
    author: str
    body: tuple[str, ...]
    #: Notes with the hour at which each was added.
    notes: tuple[tuple[float, str], ...] = ()
    #: Hour of the last change that the story shows.
    changed: float = 0.0
    is_gone: bool = False


def face_at(story: Story, hour: float) -> Face:
    """Return how a story reads at an hour."""
    face = Face(
        headline=story.headline,
        dek=story.dek,
        author=story.author,
        body=story.body,
        changed=story.published,
    )
    for change in sorted(story.changes, key=lambda one: one.at):
        if change.at <= hour:
            face = _changed(face, change)
    return face


def _changed(face: Face, change: Change) -> Face:
    body = tuple(_swapped(paragraph, change.swap) for paragraph in face.body) + change.adds
    notes = (*face.notes, (change.at, change.note)) if change.note else face.notes
    return replace(
        face,
        headline=change.headline or face.headline,
        body=body,
        notes=notes,
        changed=change.at,
        is_gone=face.is_gone if change.gone is None else change.gone,
    )


def _swapped(paragraph: str, swap: tuple[tuple[str, str], ...]) -> str:
    for before, after in swap:
        paragraph = paragraph.replace(before, after)
    return paragraph
