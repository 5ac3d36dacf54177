"""
Makes news pages in quantity: a site's frame, and a story that differs from page to page.

Styles, scripts and the state that scripts start from are there in about the shares of real news pages, for they
decide what compressing costs: 644 real pages shrink to a fifth by zlib's level 9, at 25 ns a byte.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from archive.model import Exchange

WIDTHS = (160, 320, 480, 640, 800, 1024, 1280, 1600)
LETTERS = "etaoinshrdlucmfwypvbgk"
#: How a script's statements look; `{}` is a name, `#` a number.
STATEMENTS = (
    "function {}({},{}){{var {}={}.{}({});return {}?{}.{}:{}}}",
    "if(!{}.{}){{{}.{}={}||[];{}.{}(function({}){{return {}.{}===#}})}}",
    "for(var {}=0;{}<{}.length;{}++){{{}({}[{}],#)}}",
    "{}.prototype.{}=function(){{return this.{}&&this.{}.{}(arguments)}};",
    "var {}={{{}:#,{}:'{}',{}:!0,{}:function({}){{{}({})}}}};",
    "{}.addEventListener('{}',function({}){{{}.{}('{}-{}',{}.{})}},!1);",
    "try{{{}({})}}catch({}){{{}.{}({},#)}}",
)
START = datetime(2019, 1, 1, tzinfo=UTC)
SENT = ((b"Host", b"paper.example"), (b"User-Agent", b"lateedition/0.1.0 (+https://example.org/bot)"), (b"Accept", b"text/html,*/*;q=0.8"), (b"Accept-Encoding", b"gzip, deflate"))  # fmt: skip


class Press:
    """A newspaper whose pages follow from a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        self._words = [
            "".join(self._chance.choices(LETTERS, k=self._chance.randint(2, 10))) for _ in range(9000)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(9000)))
        blocks = self._words[100:130]
        self._names = [
            f"{block}__{part}{end}"
            for block in blocks
            for part in self._words[:5]
            for end in ("", "--lg", "--md")
        ]
        self._heaped = list(accumulate(1 / (rank + 2) for rank in range(len(self._names))))
        self._frame = self._make_frame()

    def page(self) -> bytes:
        """Return a page of about 120 KB, 5 KB of it story."""
        headline = self._sentence(9)
        story = "".join(
            f'<p class="story-body__paragraph" data-testid="paragraph-{number}">{self._paragraph()}</p>\n'
            for number in range(14)
        )
        teasers = "".join(self._teaser() for _ in range(72))
        state = self._state(headline)
        before, between, after = self._frame
        return (
            f"<!doctype html><html lang=en><head><title>{headline}</title><meta property='og:type' content='article'>"
            f"{before}<article><h1>{headline}</h1>{story}</article>{between}<ul>{teasers}</ul>"
            f"<script id=state type=application/json>{state}</script>{after}"
        ).encode()

    def exchanges(self, count: int) -> Iterator[Exchange]:
        """Yield answers, a minute apart."""
        for number in range(count):
            yield self.exchange(self.page(), number)

    def exchange(self, body: bytes, number: int) -> Exchange:
        """Return the answer of one address."""
        at = START + timedelta(minutes=number)
        return Exchange(
            url=f"https://paper.example/{at:%Y/%m/%d}/story-of-the-day-number-{number}",
            method="GET",
            at=at,
            request_headers=SENT,
            status=200,
            reason=b"OK",
            response_headers=(
                (b"Date", at.strftime("%a, %d %b %Y %H:%M:%S GMT").encode()),
                (b"Content-Type", b"text/html; charset=utf-8"),
                (b"Content-Length", str(len(body)).encode()),
                (b"Server", b"nginx"),
                (b"Cache-Control", b"public, max-age=60"),
                (b"ETag", b'"%x"' % self._chance.randrange(16**12)),
            ),
            body=body,
            ip="192.0.2.7",
        )

    def _teaser(self) -> str:
        image = f"https://img.example/v1/{self._chance.randrange(16**8):08x}"
        widths = self._chance.sample(WIDTHS, 4)
        sizes = ", ".join(f"{image}/crop/{one}x{one * 9 // 16}/quality/80/image.jpg {one}w" for one in widths)
        inner = (
            f'<a class="{self._classes()}" href="/2019/{self._chance.randint(1, 12)}/{self._chance.randrange(10**7)}">'
            f'<picture class="{self._classes()}"><source type="image/webp" srcset="{sizes}">'
            f'<img class="{self._classes()}" src="{image}/crop/320x180/quality/80/image.jpg" alt=""></picture>'
            f'<span class="{self._classes()}">{self._sentence(1)}</span>'
            f'<h3 class="{self._classes()}">{self._sentence(8)}</h3></a>'
        )
        for _ in range(self._chance.randint(2, 5)):
            name = self._chance.choice(("div", "section", "li"))
            inner = f'<{name} class="{self._classes()}" data-{self._chance.choice(self._names)}="{self._chance.randrange(40)}">{inner}</{name}>'
        return inner + "\n"

    def _classes(self) -> str:
        """Return an element's class names, as those who lay pages out heap them up."""
        return " ".join(
            self._chance.choices(self._names, cum_weights=self._heaped, k=self._chance.randint(1, 6))
        )

    def _state(self, headline: str) -> str:
        """Return what a page's scripts start from: the story's facts and those of its neighbours."""
        blocks = [
            {
                "id": f"{self._chance.randrange(16**12):012x}",
                "type": self._chance.choice(("article", "video", "gallery", "liveblog", "promo")),
                "headline": self._sentence(self._chance.randint(5, 11)),
                "summary": self._sentence(self._chance.randint(12, 24)),
                "url": f"/{'-'.join(self._sentence(6).lower().split())}-{self._chance.randrange(10**7)}",
                "published": 1_546_300_800_000 + self._chance.randrange(10**10),
                "tags": [self._chance.choice(self._words) for _ in range(self._chance.randint(1, 6))],
                "tracking": {
                    self._chance.choice(self._words): self._chance.randrange(10**6) for _ in range(4)
                },
                "isPremium": self._chance.random() < 0.2,
            }
            for _ in range(5)
        ]
        return json.dumps({"headline": headline, "blocks": blocks}, separators=(",", ":"))

    def _script(self, statements: int) -> str:
        """Return a script as packers leave them: short names, few of them often."""
        names = [*self._words[:400], *"abcdefghijklmnoprstu" * 12]
        return "".join(
            self._chance.choice(STATEMENTS)
            .replace("#", str(self._chance.randrange(10 ** self._chance.randint(1, 5))))
            .format(*self._chance.choices(names, k=14))
            for _ in range(statements)
        )

    def _sentence(self, length: int) -> str:
        words = self._chance.choices(self._words, cum_weights=self._weights, k=length)
        return " ".join(words).capitalize()

    def _paragraph(self) -> str:
        return ". ".join(self._sentence(self._chance.randint(8, 22)) for _ in range(4)) + "."

    def _make_frame(self) -> tuple[str, str, str]:
        style = "".join(
            f".{self._chance.choice(self._words)}-{number}{{margin:{self._chance.randrange(40)}px;color:#{self._chance.randrange(16**6):06x}}}"
            for number in range(260)
        )
        links = "".join(
            f'<li><a class="nav__link" href="/{self._chance.choice(self._words)}">{self._sentence(2)}</a></li>'
            for _ in range(90)
        )
        return (
            f"<style>{style}</style></head><body><nav><ul>{links}</ul></nav>",
            "<aside><h2>More</h2>",
            f"</aside><footer><ul>{links}</ul></footer><script>{self._script(160)}</script></body></html>",
        )
