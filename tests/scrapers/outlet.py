"""A small outlet for the misbehaving server: a home page, a feed, a sitemap, and stories that can change."""

from tests.scrapers.conftest import Press, answer

__all__ = ["STORIES", "feed", "home", "open_outlet", "story"]

STORIES = ("2026/11/24/council-votes-on-the-new-bridge", "2026/11/23/ferry-company-cuts-its-night-service")
PARAGRAPHS = (
    "The council voted on Monday evening to go ahead with the bridge, after four hours of debate in a full hall.",
    "Work begins in March and is expected to take two years, said the head of the building office, Ada Marsh.",
    "Residents of the east bank had asked for a ferry instead, and collected more than three thousand signatures.",
    "The bridge will cost 41 million, of which the state pays a third, according to papers seen by this newspaper.",
    "A spokeswoman for the port said that ships would still be able to pass at high tide, as they do today.",
    "The opposition called the decision hasty and said it would look at every page of the contract in the spring.",
)


def story(title: str, paragraphs=PARAGRAPHS, head: str = "") -> bytes:
    """Return a story's page."""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        f'<meta property="og:type" content="article">{head}</head>'
        f'<body><main><article><h1>{title}</h1><time datetime="2026-11-24T08:00:00Z">24 November</time>{body}'
        "</article></main></body></html>"
    ).encode()


def feed(base: str, paths=STORIES, updated: str = "Tue, 24 Nov 2026 08:00:00 GMT") -> bytes:
    """Return a feed that names stories."""
    items = "".join(
        f"<item><title>{path}</title><link>{base}/{path}</link><pubDate>{updated}</pubDate></item>"
        for path in paths
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title>{items}</channel></rss>'.encode()


def home() -> bytes:
    """Return the front page."""
    links = "".join(
        f'<li><a href="/{path}">{path.rpartition("/")[2].replace("-", " ")}</a></li>' for path in STORIES
    )
    return (
        '<!doctype html><html><head><title>The Quay</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        f'</head><body><nav><a href="/harbour/">Harbour</a></nav><ul>{links}</ul></body></html>'
    ).encode()


def open_outlet(press: Press) -> None:
    """Let the server be an outlet."""
    press.says("/", answer(home()))
    press.says("/feed.xml", answer(feed(press.base), kind="application/rss+xml"))
    press.says("/robots.txt", answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain"))
    for path in STORIES:
        press.says(f"/{path}", answer(story(path.rpartition("/")[2].replace("-", " ").title())))
