"""The words for people: what changed, from what to what, was it said, and where to look. Pure."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.message import Message, Told
from archive.edits import word_diff
from archive.model import Disclosure, Event, EventKind, NoteDelta, Operation, OperationKind, Track
from archive.reading.lines import iso

__all__ = ["Words", "age_in_words", "title_of", "told_in_html", "told_in_text"]

#: Events, changes and words around a change that are told; the rest is counted.
EVENTS, CHANGES, CONTEXT = 10, 6, 8
#: Letters of one passage.
LONGEST = 400

TRACKS = {
    Track.HEADLINE: "Headline",
    Track.DEK: "Dek",
    Track.BODY: "Text",
    Track.CAPTION: "Caption",
    Track.NOTES: "Note",
}
KINDS = {
    EventKind.EDIT: "edit",
    EventKind.LIVE: "new entries in a live blog",
    EventKind.REMOVED: "article removed",
    EventKind.RESTORED: "article restored",
    EventKind.REDESIGN: "redesign of the outlet",
}
DISCLOSED = {
    Disclosure.DISCLOSED: "disclosed by a note",
    Disclosure.PARTIAL: "partly disclosed: a note leaves some of it out",
    Disclosure.SILENT: "silent: no note says so",
    Disclosure.NONE: "",
    Disclosure.UNKNOWN: "",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A passage with a change: what stood around it, what went, what came."""

    before: str
    gone: str
    come: str
    after: str

    def plain(self) -> str:
        """Return it so that it reads without colour."""
        if self.gone and self.come:
            changed = f"[{self.gone} → {self.come}]"
        else:
            changed = f"[removed: {self.gone}]" if self.gone else f"[added: {self.come}]"
        return " ".join(part for part in (self.before, changed, self.after) if part)


def title_of(message: Message) -> str:
    """Return one line: the subject of a mail, the title of a chat message."""
    if message.notice is not None:
        return message.notice[0]
    first = message.events[0].event
    articles = {one.event.article for one in message.events}
    if len(message.events) == 1:
        title = f"{first.source}: {first.headline}"
    elif len(articles) == 1:
        title = f"{first.source}: {first.headline} ({len(message.events)} changes)"
    else:
        title = f"{len(message.events)} changes in {len(articles)} articles ({message.rule})"
    return " ".join(f"{'Late: ' if message.is_late else ''}{title}".split())


def told_in_text(message: Message, *, most: int = EVENTS) -> str:
    """Return the message as plain text; what is beyond so many events is counted."""
    if message.notice is not None:
        return message.notice[1]
    parts = [LATE] if message.is_late else []
    parts += ["\n".join(_lines(one)) for one in message.events[:most]]
    if len(message.events) > most:
        parts.append(f"and {len(message.events) - most} more: {message.base_url}/")
    parts.append(f"Rule: {message.rule}")
    return "\n\n".join(parts)


LATE = "Late: these could not be sent when they were found."


def _lines(told: Told) -> Iterator[str]:
    event, links = told.event, told.links
    yield f"{event.source}: {event.headline}"
    yield what(event)
    for one in event.operations[:CHANGES]:
        yield f"  {TRACKS.get(one.track, one.track)}: {_sentence(one)}"
    if len(event.operations) > CHANGES:
        yield f"  and {len(event.operations) - CHANGES} more changes"
    if not event.operations and not event.notes and event.summary:
        yield f"  {event.summary}"
    for delta in event.notes:
        yield f"  {_note(delta)}"
    yield _seen(told)
    yield f"Difference: {links.diff}"
    yield f"Before: {links.before}"
    yield f"After: {links.after}"
    yield f"Article: {event.article}"


def _seen(told: Told) -> str:
    aged = f", {age_in_words(told.age)} after publication" if told.age is not None else ""
    event = told.event
    return f"First seen {minute(event.first_seen_at)}{aged}; confirmed {minute(event.confirmed_at)}"


def what(event: Event) -> str:
    """Say what kind of event it is, how severe, and whether it was disclosed."""
    kind = KINDS.get(event.kind, str(event.kind))
    said = f"{event.severity} {kind}" if event.severity else kind
    return ", ".join(part for part in (said.capitalize(), DISCLOSED[event.disclosure]) if part)


def minute(moment: datetime | None) -> str:
    """Return a moment in UTC, to the minute."""
    return "–" if moment is None else f"{(iso(moment) or '')[:16].replace('T', ' ')} UTC"


def age_in_words(age: timedelta) -> str:
    """Return how old something is, roughly."""
    minutes = int(age.total_seconds() // 60)
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes >= 2 * size or (unit == "hour" and minutes >= 60):
            number = minutes // size
            return f"{number} {unit}{'s' if number != 1 else ''}"
    return f"{minutes} minute{'s' if minutes != 1 else ''}"


def passages(operation: Operation) -> list[Words]:
    """Return the places of a sentence that changed, with a few words around each."""
    segments = word_diff(operation.before, operation.after)
    found: list[Words] = []
    for number, one in enumerate(segments):
        if one.kind == "equal" or (one.kind == "insert" and number and segments[number - 1].kind == "delete"):
            continue
        follows = segments[number + 1] if number + 1 < len(segments) else None
        come = (
            one.text if one.kind == "insert" else follows.text if follows and follows.kind == "insert" else ""
        )
        gone = one.text if one.kind == "delete" else ""
        behind = number + 1 + (one.kind == "delete" and bool(come))
        before = segments[number - 1].text if number and segments[number - 1].kind == "equal" else ""
        after = segments[behind].text if behind < len(segments) and segments[behind].kind == "equal" else ""
        found.append(Words(_tail(before), _short(gone), _short(come), _head(after)))
    return found


def _sentence(operation: Operation) -> str:
    match operation.kind:
        case OperationKind.INSERT:
            return f"[added: {_short(operation.after)}]"
        case OperationKind.DELETE:
            return f"[removed: {_short(operation.before)}]"
        case OperationKind.MOVE:
            return f"[moved: {_short(operation.after)}]"
        case OperationKind.REPLACE:
            return " / ".join(one.plain() for one in passages(operation)) or _short(operation.after)


def _note(delta: NoteDelta) -> str:
    kinds = ", ".join(kind.replace("_", " ") for kind in delta.note.kinds) or "note"
    return f"Note {delta.change} ({kinds}): “{_short(delta.note.text)}”"


def _tail(text: str) -> str:
    words = text.split()
    return ("… " if len(words) > CONTEXT else "") + " ".join(words[-CONTEXT:])


def _head(text: str) -> str:
    words = text.split()
    return " ".join(words[:CONTEXT]) + (" …" if len(words) > CONTEXT else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 2] + " …"


def told_in_html(message: Message, *, most: int = EVENTS) -> str:
    """Return the message as HTML for mail: no script, no picture, nothing that is loaded."""
    if message.notice is not None:
        return f"<p>{html.escape(message.notice[1]).replace(chr(10), '<br>')}</p>"
    parts = [f"<p>{LATE}</p>"] if message.is_late else []
    parts += [_article(one) for one in message.events[:most]]
    if len(message.events) > most:
        more = len(message.events) - most
        parts.append(f'<p>and <a href="{html.escape(message.base_url)}/">{more} more</a></p>')
    parts.append(f"<p>Rule: {html.escape(message.rule)}</p>")
    return f'<div style="font-family:sans-serif;max-width:44em">{"".join(parts)}</div>'


def _article(told: Told) -> str:
    event, links = told.event, told.links
    rows = [
        f"<li>{TRACKS.get(one.track, one.track)}: {_marked(one)}</li>" for one in event.operations[:CHANGES]
    ]
    if len(event.operations) > CHANGES:
        rows.append(f"<li>and {len(event.operations) - CHANGES} more changes</li>")
    if not event.operations and not event.notes and event.summary:
        rows.append(f"<li>{html.escape(event.summary)}</li>")
    rows += [f"<li>{html.escape(_note(delta))}</li>" for delta in event.notes]
    places = (("Difference", links.diff), ("before", links.before), ("after", links.after))
    linked = " · ".join(f'<a href="{html.escape(url)}">{name}</a>' for name, url in places)
    return (
        f'<h3><a href="{html.escape(_safe(event.article))}">{html.escape(event.headline)}</a></h3>'
        f"<p>{html.escape(event.source)} · <strong>{html.escape(what(event))}</strong></p>"
        f"<ul>{''.join(rows)}</ul>"
        f"<p>{_seen(told)}<br>{linked}</p>"
    )


def _safe(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else "#"


def _marked(operation: Operation) -> str:
    if operation.kind is not OperationKind.REPLACE:
        return html.escape(_sentence(operation))
    return " / ".join(_passage(one) for one in passages(operation)) or html.escape(_short(operation.after))


def _passage(words: Words) -> str:
    gone = f"<del>{html.escape(words.gone)}</del>" if words.gone else ""
    come = f'<ins style="font-weight:bold">{html.escape(words.come)}</ins>' if words.come else ""
    return " ".join(
        part for part in (html.escape(words.before), gone, come, html.escape(words.after)) if part
    )
