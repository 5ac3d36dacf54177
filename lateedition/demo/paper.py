"""The newspaper as a web server: home page, sections, feed, sitemap, articles, and all that churns around them."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from lateedition.demo.programme import Programme
from lateedition.demo.story import Face, Story, face_at

__all__ = ["Newspaper"]

HERE = Path(__file__).parent
NEW_YORK = ZoneInfo("America/New_York")

ADVERTS = (
    ("Brine & Sons", "Oilskins that outlive you. Sale ends Sunday."),
    ("Quayside Bank", "A savings account with a tide of its own: 3.1 %."),
    ("Marlow Opticians", "See the other side of the sound."),
    ("The Lobster Pot", "Two for one on Wednesdays. Bring a friend."),
    ("Harbour Radio 98.4", "The shipping news, read slowly."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A story as the home page, a section, the feed or the sitemap names it."""

    story: Story
    face: Face
    path: str
    published: datetime
    modified: datetime
    ago: str


class Newspaper:
    """The same stories for everyone, and never the same page twice."""

    def __init__(self, programme: Programme, now: Callable[[], datetime], *, chance: random.Random) -> None:
        self._programme = programme
        self._now = now
        self._began = now()
        self._chance = chance
        #: Times that each story was read: of two headlines, every other reader is shown one.
        self._views: Counter[str] = Counter()
        #: Walls and outages that one reader has met already.
        self._met: set[tuple[str, float]] = set()
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), trim_blocks=True
        )

    def application(self) -> web.Application:
        """Return the server's routes."""
        app = web.Application()
        app.router.add_get("/", self._home)
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/feed.xml", self._feed)
        app.router.add_get("/sitemap-news.xml", self._sitemap)
        app.router.add_get("/section/{section}", self._section)
        app.router.add_get("/{section}/{year}/{month}/{day}/{slug}", self._article)
        return app

    @property
    def hour(self) -> float:
        """Hours of the paper's clock since the performance began."""
        return (self._now() - self._began) / timedelta(hours=1)

    def moment(self, hour: float) -> datetime:
        """Return the moment of an hour of the performance."""
        return self._began + timedelta(hours=hour)

    async def _home(self, request: web.Request) -> web.Response:
        return self._page(request, "home.html", title=self._programme.outlet, entries=self._listed())

    async def _section(self, request: web.Request) -> web.Response:
        section = request.match_info["section"]
        if section not in self._programme.sections:
            return self._missing(request)
        listed = [one for one in self._listed() if one.story.section == section]
        return self._page(
            request,
            "home.html",
            title=f"{self._programme.sections[section]} – {self._programme.outlet}",
            entries=listed,
            section=section,
        )

    async def _article(self, request: web.Request) -> web.Response:
        story = next((one for one in self._programme.stories if one.slug == request.match_info["slug"]), None)
        hour = self.hour
        if story is None or story.published > hour:
            return self._missing(request)
        face = face_at(story, hour)
        if face.is_gone:
            return self._missing(request)
        if self._meets(story, story.outages, hour):
            return web.Response(status=503, text="The server is busy. Please try again.\n")
        if self._meets(story, story.walls, hour):
            return self._page(request, "consent.html", title=self._programme.outlet, story=story)
        self._views[story.slug] += 1
        headline = face.headline
        first, last = story.other_between
        if story.other_headline and first <= hour < last and self._views[story.slug] % 2:
            headline = story.other_headline
        return self._page(
            request,
            "article.html",
            title=f"{headline} – {self._programme.outlet}",
            story=story,
            face=face,
            headline=headline,
            url=self._address(request, story),
            published=self.moment(story.published),
            modified=self.moment(face.changed),
            notes=[self._stamped(note, at) for at, note in face.notes],
            others=[one for one in self._listed() if one.story is not story][:4],
        )

    async def _robots(self, request: web.Request) -> web.Response:
        return web.Response(
            text=f"User-agent: *\nDisallow: /desk\nSitemap: {request.url.origin()}/sitemap-news.xml\n"
        )

    async def _feed(self, request: web.Request) -> web.Response:
        return self._xml(request, "feed.xml", "application/rss+xml")

    async def _sitemap(self, request: web.Request) -> web.Response:
        return self._xml(request, "sitemap.xml", "application/xml")

    def _meets(self, story: Story, hours: tuple[float, ...], hour: float) -> bool:
        """Tell whether this reader is the one who meets an obstacle; each obstacle is met once."""
        for one in hours:
            if one <= hour and (story.slug, one) not in self._met:
                self._met.add((story.slug, one))
                return True
        return False

    def _listed(self) -> list["Listed"]:
        hour = self.hour
        shown = [(one, face_at(one, hour)) for one in self._programme.stories if one.published <= hour]
        return [
            Listed(
                story=story,
                face=face,
                path=self._path(story),
                published=self.moment(story.published),
                modified=self.moment(face.changed),
                ago=_ago(hour - story.published),
            )
            for story, face in sorted(shown, key=lambda one: -one[0].published)
            if not face.is_gone
        ]

    def _path(self, story: Story) -> str:
        return f"/{story.section}/{self.moment(story.published):%Y/%m/%d}/{story.slug}"

    def _address(self, request: web.Request, story: Story) -> str:
        return f"{request.url.origin()}{self._path(story)}"

    def _stamped(self, note: str, at: float) -> str:
        local = self.moment(at).astimezone(NEW_YORK)
        hour = local.hour % 12 or 12
        stamp = f"{local:%B} {local.day}{_ordinal(local.day)}, {hour}:{local:%M} {'AM' if local.hour < 12 else 'PM'} ET"
        return note.replace("{stamp}", stamp)

    def _missing(self, request: web.Request) -> web.Response:
        return self._page(request, "missing.html", title=f"Not found – {self._programme.outlet}", status=404)

    def _page(
        self, request: web.Request, template: str, *, title: str, status: int = 200, **values: object
    ) -> web.Response:
        advert = self._chance.choice(ADVERTS)
        shared = {
            "outlet": self._programme.outlet,
            "sections": self._programme.sections,
            "section": "",
            "origin": request.url.origin(),
            "advert": advert,
            "nonce": f"{self._chance.getrandbits(64):016x}",
            "readers": self._chance.randint(40, 900),
            "comments": self._chance.randint(3, 99),
            "today": self._now(),
            "title": title,
            "ago": _ago(self.hour),
        }
        html = self._templates.get_template(template).render(shared | values)
        return web.Response(text=html, status=status, content_type="text/html")

    def _xml(self, request: web.Request, template: str, kind: str) -> web.Response:
        text = self._templates.get_template(template).render(
            outlet=self._programme.outlet, origin=request.url.origin(), entries=self._listed()
        )
        return web.Response(text=text, content_type=kind)


def _ago(hours: float) -> str:
    minutes = int(hours * 60)
    if minutes < 60:
        return f"{max(minutes, 1)} minutes ago"
    return f"{minutes // 60} hours ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
