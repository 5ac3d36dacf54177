"""A small archive for the page to show: a few articles, and what became of them, as one WARC file."""

import gzip
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from archive.digests import sha256
from archive.model import Exchange
from archive.opening import Stores, open_stores
from archive.warc.records import BuiltRecord, RecordForge, Refers

BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SENTENCES = (
    "The council met for three hours on Monday evening and heard from residents of the east bank.",
    "Work on the foundations is to begin before the winter and will last about forty weeks.",
    "A report by the engineer lists nine points that still have to be settled with the contractor.",
    "Shopkeepers near the market said that nobody had asked them before the plan was drawn up.",
    "The ferry that serves the villages was stopped a dozen times last year because of low water.",
    "Officials expect that the crossing will be used by commuters, lorries and school buses alike.",
)
HOSTILE = (
    '"><script data-x>window.ran=1</script><img data-x src=x onerror=window.ran=1> \u202eflipped {{7*7}}'
)


@dataclass(frozen=True, slots=True)
class Story:
    """What an article says at one moment."""

    slug: str
    headline: str
    number: str = "4,200"
    note: str = ""
    language: str = "en"
    host: str = "paper.example"
    paragraphs: tuple[str, ...] = SENTENCES
    canonical: str = ""
    point: str = "The office counted {} households that will cross here."

    @property
    def url(self) -> str:
        """Where it is published."""
        return f"https://{self.host}/2026/03/02/{self.slug}.html"

    def html(self) -> bytes:
        """The page."""
        text = [*self.paragraphs[:2], self.point.format(self.number)]
        text += self.paragraphs[2:]
        note = f'<p class="correction"><em>{escape(self.note)}</em></p>' if self.note else ""
        body = "".join(f"<p>{escape(one)}</p>" for one in text)
        return (
            f'<!DOCTYPE html><html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{escape(self.headline)}</title>"
            f'<link rel="canonical" href="{escape(self.canonical or self.url)}">'
            f'<link rel="stylesheet" href="/main.css"><meta property="og:type" content="article"></head>'
            f'<body><article><h1>{escape(self.headline)}</h1>{body}{note}<p><a href="/world/">World</a></p>'
            "<script>document.cookie = 'a=1'</script></article></body></html>"
        ).encode()


@dataclass(slots=True)
class Press:
    """Writes captures one after the other."""

    at: datetime = BEGIN
    members: list[bytes] = field(default_factory=list)
    #: Every body sent, by address and second.
    sent: dict[tuple[str, str], bytes] = field(default_factory=dict)
    forge: RecordForge = field(init=False)

    def __post_init__(self) -> None:
        numbers: Iterator[int] = itertools.count(1)
        self.forge = RecordForge(lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(numbers):012}>")

    def capture(
        self,
        url: str,
        body: bytes,
        *,
        status: int = 200,
        headers: Sequence[tuple[bytes, bytes]] = ((b"Content-Type", b"text/html; charset=utf-8"),),
    ) -> BuiltRecord:
        """Archive an answer, ten minutes after the one before."""
        exchange = self._exchange(url, body, status, headers)
        return self._keep(self.forge.response(exchange, sha256(body)))

    def revisit(
        self, url: str, body: bytes, original: BuiltRecord, at: datetime, *, status: int = 200
    ) -> None:
        """Archive an answer whose body is archived already."""
        exchange = self._exchange(url, body, status, ((b"Content-Type", b"text/html; charset=utf-8"),))
        self._keep(
            self.forge.revisit(
                exchange, Refers(record_id=original.id, uri=url, at=at, payload_digest=sha256(body))
            )
        )

    def show(self, *stories: Story, looks: int = 2) -> None:
        """Capture each state of a story, so often that it is confirmed."""
        for story in stories:
            for _ in range(looks):
                self.capture(story.url, story.html())

    def _exchange(
        self, url: str, body: bytes, status: int, headers: Sequence[tuple[bytes, bytes]]
    ) -> Exchange:
        self.at += timedelta(minutes=10)
        self.sent[url, f"{self.at:%Y%m%d%H%M%S}"] = body
        return Exchange(
            url=url,
            method="GET",
            at=self.at,
            request_headers=((b"Host", b"paper.example"),),
            status=status,
            reason=b"",
            response_headers=tuple(headers),
            body=body,
        )

    def _keep(self, record: BuiltRecord) -> BuiltRecord:
        self.members.append(record.member)
        return record


BRIDGE = Story("council-approves-bridge-for-east-bank", "Council approves bridge for east bank")
CORRECTED = replace(
    BRIDGE,
    number="3,900",
    note="Correction: An earlier version of this article said 4,200 households; it is 3,900.",
)
SILENT = Story("ferry-office-names-new-timetable", "Ferry office names new timetable")
TITLED = Story("school-buses-to-use-new-crossing", "School buses to use new crossing")
ARABIC = Story(
    "majlis-yuwafiq-ala-jisr-jadid",
    "مجلس المدينة يوافق على جسر جديد",
    language="ar",
    host="nahr.example",
    point="أحصى المكتب في المدينة نحو {} أسرة ستستخدم المعبر الجديد.",
    paragraphs=(
        "قال المتحدث للصحفيين إن العمل سيبدأ قبل الشتاء ويستمر نحو أربعين أسبوعا في الموقع.",
        "توقفت العبارة التي تخدم الضفة الشرقية مرات كثيرة في العام الماضي بسبب انخفاض المياه.",
        "قال أصحاب المتاجر قرب السوق إن أحدا لم يسألهم رغم أن كثيرين منهم وقعوا رسالة.",
    ),
)
REMOVED = Story("opinion-the-vote-nobody-asked-for", "Opinion: the vote nobody asked for")
NASTY = Story("notice-to-readers-of-this-paper", f"Notice {HOSTILE}", canonical="javascript:window.ran=1")
BUSY = Story("storm-closes-the-harbour-for-now", "Storm closes the harbour for now", host="wire.example")
#: Edits of the busy story: more than one page of the list.
MANY = 32
ZIPPED = Story("market-hall-opens-after-repairs", "Market hall opens after repairs")


def print_press(path: Path) -> Press:
    """Write the archive's WARC file and return what was sent."""
    press = Press()
    press.show(BRIDGE, CORRECTED)
    press.show(SILENT, replace(SILENT, number="4,950"))
    press.show(TITLED, replace(TITLED, headline="School buses will not use new crossing"))
    press.show(ARABIC, replace(ARABIC, number="3,777"))
    press.show(NASTY, replace(NASTY, number="1,111"))
    press.show(REMOVED)
    for _ in range(3):
        press.at += timedelta(hours=13)
        press.capture(REMOVED.url, b"<h1>410 Gone</h1>", status=410)
    for number in range(MANY + 1):
        press.show(replace(BUSY, number=f"{5000 + number}"))
    _show_odd_answers(press)
    path.write_bytes(b"".join(press.members))
    return press


def _show_odd_answers(press: Press) -> None:
    """Archive what replay must treat with care."""
    kind = (b"Content-Type", b"text/html; charset=utf-8")
    cookies = ((b"Set-Cookie", b"stolen=1"), (b"X-Odd", b"yes"), (b"Refresh", b"0; url=http://192.0.2.1/"))
    first = press.capture(ZIPPED.url, ZIPPED.html(), headers=(kind, *cookies))
    press.revisit(ZIPPED.url, ZIPPED.html(), first, press.at)
    press.revisit(ZIPPED.url, ZIPPED.html(), first, press.at, status=304)
    coded = gzip.compress(ZIPPED.html(), mtime=0)
    press.capture(ZIPPED.url + "?page=all&q=%C3%A9", coded, headers=(kind, (b"Content-Encoding", b"gzip")))
    press.capture(
        "https://paper.example/old", b"", status=301, headers=((b"Location", b"/2026/03/02/new.html"),)
    )
    press.capture(
        "https://paper.example/main.css", b"h1 { color: #036 }", headers=((b"Content-Type", b"text/css"),)
    )


def stores_in(home: Path, clock: object) -> Stores:
    """Open a home with a clock of the test's own."""
    return open_stores(home, clock=clock)  # type: ignore[arg-type]  # a test's clock
