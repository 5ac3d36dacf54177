"""What a reader of the page sees of an event: badges, and the changed words with what stands around them."""

from dataclasses import dataclass

from archive.edits import Segment, SegmentKind, word_diff
from archive.model import (
    Disclosure,
    Event,
    EventKind,
    NoteChange,
    NoteKind,
    Operation,
    OperationKind,
    Severity,
    Track,
)
from lateedition.web.legible import clip

__all__ = ["NOTE_KINDS", "Badge", "Snippet", "badges", "note_name", "snippet_of", "snippets", "style_of"]

#: Characters kept on each side of a change.
AROUND = 70
#: Changes shown of one event, and characters of a sentence, a field or a note that came or went whole.
SHOWN, WHOLE = 3, 420


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a sign and a colour; the colour never says anything alone."""

    style: str
    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """One changed place."""

    track: str
    segments: tuple[Segment, ...]
    #: Changes beyond those that are shown; the last snippet says it.
    more: int = 0


DISCLOSURES = {
    Disclosure.SILENT: Badge("silent", "◌", "Silent edit"),
    Disclosure.DISCLOSED: Badge("disclosed", "✓", "Disclosed"),
    Disclosure.PARTIAL: Badge("partial", "◐", "Partly disclosed"),
    Disclosure.UNKNOWN: Badge("quiet", "?", "Unclear whether said"),
}
SEVERITIES = {
    Severity.MATERIAL: Badge("material", "▲", "Material"),
    Severity.MINOR: Badge("quiet", "▽", "Minor"),
}
KINDS = {
    EventKind.REMOVED: Badge("gone", "×", "Removed"),
    EventKind.RESTORED: Badge("update", "↺", "Restored"),
    EventKind.MOVED: Badge("gone", "→", "Moved"),
    EventKind.LIVE: Badge("update", "+", "Live blog"),
    EventKind.METADATA: Badge("quiet", "·", "Metadata"),
    EventKind.COSMETIC: Badge("quiet", "·", "Cosmetic"),
    EventKind.REDESIGN: Badge("gone", "▦", "Redesign"),
}
NOTE_KINDS = {
    NoteKind.CORRECTION: Badge("note", "!", "Correction"),
    NoteKind.UPDATE: Badge("update", "+", "Update"),
    NoteKind.CLARIFICATION: Badge("note", "?", "Clarification"),
    NoteKind.EDITOR_NOTE: Badge("note", "¶", "Editor’s note"),
    NoteKind.RETRACTION: Badge("silent", "!", "Retraction"),
}
TRACKS = {
    Track.HEADLINE: "Headline",
    Track.DEK: "Summary",
    Track.BODY: "Text",
    Track.CAPTION: "Caption",
    Track.BYLINE: "Byline",
    Track.DATES: "Dates",
    Track.SEO_TITLE: "Search title",
    Track.NOTES: "Note",
}


def badges(event: Event) -> list[Badge]:
    """Return what is to be known of an event at a glance."""
    found = []
    if event.kind in KINDS:
        found.append(KINDS[event.kind])
    if event.is_variant:
        found.append(Badge("quiet", "≈", "Variant, not an edit"))
    elif event.confirmed_at is None:
        found.append(Badge("quiet", "…", "Seen once, not confirmed"))
    if event.kind is EventKind.EDIT and event.disclosure in DISCLOSURES:
        found.append(DISCLOSURES[event.disclosure])
    if event.severity in SEVERITIES and event.kind in (EventKind.EDIT, EventKind.LIVE):
        found.append(SEVERITIES[event.severity])
    if Track.HEADLINE in event.tracks:
        found.append(Badge("headline", "H", "Headline"))
    for delta in event.notes:
        if delta.change is NoteChange.REMOVED:
            found.append(Badge("silent", "−", "Note taken away"))
        else:
            found += [NOTE_KINDS[kind] for kind in delta.note.kinds]
    if not found:
        found.append(Badge("update", "+", "Edit"))
    return list(dict.fromkeys(found))


def style_of(event: Event | None) -> str:
    """Return the colour of an event's dot."""
    if event is None:
        return "update"
    if event.is_variant or event.confirmed_at is None:
        return "gone"
    return {
        Disclosure.SILENT: "silent",
        Disclosure.DISCLOSED: "disclosed",
        Disclosure.PARTIAL: "partial",
    }.get(event.disclosure, "update")


def note_name(kinds: tuple[NoteKind, ...]) -> str:
    """Name a note by what it admits: "Update and correction"."""
    names = [NOTE_KINDS[kind].text for kind in kinds if kind in NOTE_KINDS] or ["Note"]
    first, *rest = names
    return " and ".join([first, *[name[0].lower() + name[1:] for name in rest]])


def snippets(event: Event) -> list[Snippet]:
    """Return the changed places of an event, trimmed to what stands around the change."""
    found = [snippet_of(one) for one in event.operations[:SHOWN]]
    if found and len(event.operations) > SHOWN:
        found[-1] = Snippet(found[-1].track, found[-1].segments, len(event.operations) - SHOWN)
    for delta in event.notes[:SHOWN]:
        kind = SegmentKind.DELETE if delta.change is NoteChange.REMOVED else SegmentKind.INSERT
        found.append(Snippet(note_name(delta.note.kinds), (Segment(kind, clip(delta.note.text, WHOLE)),)))
    return found


def snippet_of(operation: Operation) -> Snippet:
    """Return one changed place."""
    return Snippet(TRACKS[operation.track], trimmed(_segments(operation)))


def trimmed(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Shorten what is equal to a few words beside each change, and what came or went to its beginning."""
    last = len(segments) - 1
    kept = []
    for number, one in enumerate(segments):
        text = one.text
        if one.kind is not SegmentKind.EQUAL:
            text = clip(text, WHOLE)
        elif number == 0:
            text = _tail(text)
        elif number == last:
            text = _head(text)
        elif len(text) > 2 * AROUND:
            text = _head(text) + _tail(text)
        kept.append(Segment(one.kind, text))
    return tuple(kept)


def _segments(operation: Operation) -> tuple[Segment, ...]:
    match operation.kind:
        case OperationKind.MOVE:
            return (Segment(SegmentKind.EQUAL, f"“{clip(operation.after, 160)}” moved"),)
        case OperationKind.INSERT:
            return (Segment(SegmentKind.INSERT, operation.after),)
        case OperationKind.DELETE:
            return (Segment(SegmentKind.DELETE, operation.before),)
    return word_diff(operation.before, operation.after)


def _head(text: str) -> str:
    return text if len(text) <= AROUND else clip(text, AROUND) + " "


def _tail(text: str) -> str:
    if len(text) <= AROUND:
        return text
    cut = text[-AROUND:]
    _, space, rest = cut.partition(" ")
    return "… " + (rest if space and len(rest) > AROUND // 2 else cut)
