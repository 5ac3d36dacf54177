"""A changed body whose article says the same is recognised, and one that says something else is not."""

from archive.catalog import articles
from archive.catalog.schema import signature
from archive.digests import sha256
from archive.ingest import rebuild
from archive.ingest.facts import facts_of_exchange
from archive.ingest.ledger import Contents
from archive.ingest.observing import Seen, observe
from archive.model import RecordType, Verdict
from archive.opening import Stores
from archive.text import content_digest, extract
from archive.text.selectors import Selectors
from tests.archive.paper import STORY, exchange, record

TEXT = "".join(
    f"<p>Paragraph {number} tells of the old bridge over the harbour, of its beams and bolts, of the engineers who "
    f"built it {number} years too late, and of all those who cross it on their way to work every morning.</p>"
    for number in range(14)
)
NOTE = "<p>Correction: the bridge was opened in 1987.</p>"


def body(advert: str, *, more: str = "") -> bytes:
    """Return an article with an advert in it."""
    return (
        "<html lang='en'><head><title>Bridge closed</title><meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2018-07-19T08:00:00Z'><meta name='author' content='Ada Marsh'></head>"
        f"<body><main><article><h1>Bridge closed</h1>{TEXT}<aside class='ad'>{advert}</aside>{more}</article></main></body></html>"
    ).encode()


def look(stores: Stores, html: bytes, selectors: Selectors | None = None) -> Seen:
    """Look at a page as the recorder does, and keep nothing."""
    facts = facts_of_exchange(exchange(html, after=9), RecordType.RESPONSE, "<urn:test:1>", sha256(html))
    with stores.catalogue.reading() as connection:
        url = articles.url_row(connection, STORY)
        contents = Contents().loader(connection)
        return observe(connection, facts, url.id if url else None, contents, selectors=selectors)


def was_recognised(seen: Seen) -> bool:
    """Tell whether a page was known; one that is read whole brings a signature of its own."""
    return seen.content is not None and not seen.signature


def test_what_was_seen_once_is_recognised(stores: Stores) -> None:
    """Another advert: the text is the known one, digest and all, as the full path would find it."""
    record(stores, [exchange(body("Win a boat"))])
    seen = look(stores, body("Lease a car"))

    assert was_recognised(seen)
    assert seen.content == content_digest(extract(body("Lease a car"), STORY))
    assert seen.extraction is not None
    assert seen.page_kind == seen.extraction.page_kind


def test_what_says_something_else_is_read_whole(stores: Stores) -> None:
    """A note is found though the advert changed with it."""
    record(stores, [exchange(body("Win a boat"))])
    seen = look(stores, body("Lease a car", more=NOTE))

    assert not was_recognised(seen)
    assert seen.extraction is not None
    assert [note.text for note in seen.extraction.notes] == ["Correction: the bridge was opened in 1987."]


def test_the_last_text_is_the_one_that_is_known(stores: Stores) -> None:
    """After an edit the text before it is read whole, should it come back."""
    done = record(
        stores, [exchange(body("a")), exchange(body("b", more=NOTE), after=1), exchange(body("c", more=NOTE), after=2)]
    )  # fmt: skip

    assert [one.verdict for one in done] == [Verdict.FIRST, Verdict.EDIT, Verdict.UNCHANGED]
    assert was_recognised(look(stores, body("d", more=NOTE)))
    assert not was_recognised(look(stores, body("d")))


def test_damaged_pages_and_outlets_with_selectors_are_read_whole(stores: Stores) -> None:
    """What an outlet's own selectors find is no part of a signature."""
    record(stores, [exchange(body("Win a boat"))])
    seen = look(stores, body("Lease a car"), Selectors(headline="h1"))

    assert seen.signature == ""
    assert seen.extraction is not None
    assert dict(seen.extraction.origins)["headline"] == "recipe"


def test_a_rebuilt_catalogue_learns_it_anew(stores: Stores) -> None:
    """Signatures are no part of the WARC files: the next changed body is read whole, the one after is known."""
    record(stores, [exchange(body("Win a boat"))])
    rebuild(stores)

    assert not was_recognised(look(stores, body("Lease a car")))

    record(stores, [exchange(body("Lease a car"), after=1)])

    assert was_recognised(look(stores, body("Buy a bike")))


def test_a_text_that_is_gone_is_read_anew(stores: Stores) -> None:
    """A signature whose text the catalogue no longer holds says nothing."""
    record(stores, [exchange(body("Win a boat"))])
    with stores.catalogue.writing() as connection:
        connection.execute(signature.update().values(content="sha256:gone"))

    assert not was_recognised(look(stores, body("Lease a car")))
