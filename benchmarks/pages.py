"""Makes news pages in quantity: a site's frame, and a story that differs from page to page."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from archive.model import Exchange

WIDTHS = (160, 320, 480, 640, 800, 1024, 1280, 1600)
LETTERS = "etaoinshrdlucmfwypvbgk"
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
        self._frame = self._make_frame()

    def page(self) -> bytes:
        """Return a page of about 120 KB, 6 KB of it story."""
        headline = self._sentence(9)
        story = "".join(
            f'<p class="story-body__paragraph" data-testid="paragraph-{number}">{self._paragraph()}</p>\n'
            for number in range(14)
        )
        teasers = "".join(self._teaser() for _ in range(60))
        before, between, after = self._frame
        return (
            f"<!doctype html><html lang=en><head><title>{headline}</title><meta property='og:type' content='article'>"
            f"{before}<article><h1>{headline}</h1>{story}</article>{between}<ul>{teasers}</ul>{after}"
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
        image = f"https://img.example/v1/{self._chance.randrange(16**12):012x}"
        sizes = ", ".join(
            f"{image}/crop/{width}x{width * 9 // 16}/quality/80/image.jpg {width}w" for width in WIDTHS
        )
        return (
            f'<li class="teaser teaser--compact js-teaser" data-module="teaser" data-tracking-region="related">'
            f'<a class="teaser__link" href="/2019/{self._chance.randint(1, 12)}/{self._chance.randrange(10**7)}">'
            f'<picture class="teaser__picture"><source type="image/webp" srcset="{sizes}">'
            f'<img class="teaser__image lazyload" src="{image}/crop/320x180/quality/80/image.jpg" alt=""></picture>'
            f'<span class="teaser__kicker">{self._sentence(1)}</span>'
            f'<h3 class="teaser__headline">{self._sentence(8)}</h3></a></li>\n'
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
            f"</aside><footer><ul>{links}</ul></footer></body></html>",
        )
