"""The page of one article: its versions, what changed between two of them, and where the evidence lies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive.errors import UnknownUrlError
from archive.model import Article, Capture, Event, EventKind, Verdict, Version
from archive.reading import Archive, EditQuery
from lateedition.web.api import archive_of
from lateedition.web.comparing import audit_of, blocks_of, chosen_versions
from lateedition.web.rendering import render
from lateedition.web.timeline import describe, timeline

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

#: Widths the timeline is drawn for, and where: its letters would not be read in another size.
WIDTHS = {"wide": 1160, "middle": 640, "narrow": 330}
#: Checks listed, newest first.
LISTED = 60
#: Versions listed before older ones are folded.
UNFOLDED = 8
#: Kinds of events that lead from one version to the next, and those that are told on their own.
TEXTUAL = frozenset({EventKind.EDIT, EventKind.LIVE, EventKind.METADATA, EventKind.COSMETIC})
TOLD = frozenset({EventKind.REMOVED, EventKind.RESTORED, EventKind.MOVED, EventKind.REDESIGN})
GONE = frozenset({Verdict.MISSING, Verdict.REMOVED})
#: What a capture was found to say, for readers; the contract's words stand beside it.
VERDICTS = {
    Verdict.FIRST: "first seen",
    Verdict.UNCHANGED: "same article",
    Verdict.COSMETIC: "no word changed",
    Verdict.METADATA: "only dates, byline or tags changed",
    Verdict.EDIT: "edited",
    Verdict.LIVE: "live blog grew",
    Verdict.VARIANT: "another variant of the site",
    Verdict.BLOCKED: "a wall or an error: says nothing about the article",
    Verdict.SUSPECT: "not to be trusted: cut short or unreadable",
    Verdict.MISSING: "not there",
    Verdict.REMOVED: "not there, removal confirmed",
    Verdict.RESTORED: "there again",
    Verdict.MOVED: "found at a new address",
    Verdict.REDIRECT: "a redirect on the way",
}


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the archive has of one article, as the page needs it."""

    article: Article
    versions: Sequence[Version]
    captures: Sequence[Capture]
    events: Sequence[Event]

    def event_to(self, number: int) -> Event | None:
        """Return the event that led to a version."""
        version = self.version(number)
        return next((one for one in self.events if version and one.id == version.event), None)

    def version(self, number: int) -> Version | None:
        """Return a version by its number."""
        return next((one for one in self.versions if one.number == number), None)

    def missing_since(self) -> Capture | None:
        """Return the first capture of the run, at the end, that found the article gone."""
        run: Capture | None = None
        for capture in reversed(self.captures):
            if capture.verdict in GONE:
                run = capture
            elif capture.verdict not in (Verdict.BLOCKED, Verdict.SUSPECT, Verdict.REDIRECT):
                break
        return run


@router.api_route("/article", methods=["GET", "HEAD"])
def article(request: Request, url: str = "", event: str = "", view: str = "inline") -> Response:
    """One article."""
    archive = archive_of(request)
    try:
        story = _story(archive, url)
    except UnknownUrlError as error:
        return render(request, "unknown.html", 404, url=url, nearest=error.nearest)
    values: dict[str, Any] = {
        "story": story,
        "article": story.article,
        "summary": describe(story.versions, story.captures) if story.captures else "",
        "checks": Counter(one.verdict for one in story.captures).most_common(),
        "listed": story.captures[: -LISTED - 1 : -1],
        "told": [one for one in story.events if _is_told_apart(one, story.article)],
        "missing": story.missing_since(),
        "verdicts": VERDICTS,
        "unfolded": UNFOLDED,
        "view": "side" if view == "side" else "inline",
        "address": lambda **more: f"/article?{urlencode({'url': story.article.uri} | more)}",
    }
    if not story.versions:
        return render(request, "article.html", **values)
    asked = (request.query_params.get("from", ""), request.query_params.get("to", ""))
    about = next((one for one in story.events if one.id == event), None)
    pair = chosen_versions([one.number for one in story.versions], asked, about)
    return render(request, "article.html", **values, **_compared(archive, story, pair))


def _is_told_apart(event: Event, article: Article) -> bool:
    """Tell whether an event gets a line of its own: a removal that still holds stands in the notice above."""
    return event.kind in TOLD and not (event.kind is EventKind.REMOVED and article.removed_at is not None)


def _story(archive: Archive, url: str) -> Story:
    return Story(
        archive.article(url),
        archive.versions(url),
        list(archive.captures(url=url)),
        list(archive.edits(EditQuery(article=url, all=True))),
    )


def _compared(archive: Archive, story: Story, pair: tuple[int, int]) -> dict[str, Any]:
    """Return what the template needs of two versions."""
    before, after = (story.version(number) for number in pair)
    assert before is not None  # noqa: S101 - the pair was chosen among the versions
    assert after is not None  # noqa: S101 - the same
    old, new = archive.extraction(before), archive.extraction(after)
    events = {one.id: one for one in story.events}
    captures = {one.id: one for one in story.captures}
    event = story.event_to(after.number) if pair[0] == after.number - 1 else None
    blocks = blocks_of(old, new, fold=before != after)
    return {
        "before": before,
        "after": after,
        "text": new,
        "blocks": blocks,
        "changes": max((one.change for one in blocks if hasattr(one, "change")), default=0),
        "event": event,
        "audit": audit_of(event) if event and event.kind in TEXTUAL else None,
        "timelines": {
            name: timeline(story.versions, story.captures, events, pair, width)
            for name, width in WIDTHS.items()
        },
        "records": [(one, captures.get(one.capture)) for one in dict.fromkeys((after, before))],
    }
