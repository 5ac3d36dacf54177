"""
The tables of the catalogue.

Everything here but what people decided (sources, channels, rules) follows from the WARC files. Captures are
narrow rows in `(captured_at)`, `(url, captured_at)` and `(article, captured_at)` order.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from archive.catalog.codes import PAGE_KIND, RECORD_TYPE, REDIRECT_AIM, VERDICT
from archive.catalog.columns import HexId, LabelledDigest, Moment, RecordId

__all__ = [
    "article",
    "article_key",
    "aside",
    "block",
    "capture",
    "content",
    "dark_article",
    "event",
    "frontier_host",
    "frontier_url",
    "judgement",
    "learnt",
    "listing",
    "metadata",
    "noise",
    "problem",
    "restatement",
    "source",
    "url",
    "version",
    "warc_file",
]

#: Names for every constraint, so that migrations can address them on every engine.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

#: Big on PostgreSQL; SQLite counts rows only in a column called INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")

#: Text in the order of its code points, as SQLite and Python have it; PostgreSQL would take the database's own.
CodePoints = Text(collation="C").with_variant(Text(), "sqlite")

source = Table(
    "source",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("is_paused", Boolean, nullable=False),
    Column("added_at", Moment, nullable=False),
    # Visits that a signal of a feed or sitemap brought forward, and blind ones; and how many of each met a change.
    Column("signalled", Integer, nullable=False, server_default="0"),
    Column("signalled_right", Integer, nullable=False, server_default="0"),
    Column("blind", Integer, nullable=False, server_default="0"),
    Column("blind_right", Integer, nullable=False, server_default="0"),
    # Moving share of pages that look like articles; NULL before there were any.
    Column("article_share", Float),
)

listing = Table(
    "listing",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("url", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("host", Text, nullable=False),
    Column("next_due", Moment, nullable=False),
    Column("interval", Float, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("failures", Integer, nullable=False, default=0),
    # Of the body that was read last: an equal one names nothing new.
    Column("payload_digest", Text),
    # WebSub hub that the feed names.
    Column("hub", Text),
    Index("uq_listing_source_id_url", "source_id", "url", unique=True),
    Index("ix_listing_host_next_due", "host", "next_due"),
)

problem = Table(
    "problem",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("uri", Text, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_problem_source_id_at", "source_id", "at"),
)

# Bodies that could not be read, kept to be looked at and made a test.
aside = Table(
    "aside",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("uri", Text, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    # Deflated.
    Column("body", LargeBinary, nullable=False),
    Index("ix_aside_source_id_at", "source_id", "at"),
)

article = Table(
    "article",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("uri", Text, nullable=False),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("headline", Text, nullable=False),
    Column("published_at", Text),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Column("versions", Integer, nullable=False),
    Column("captures", Integer, nullable=False),
    # Where the article's history stands: what the ledger needs to judge the next capture.
    Column("history", Text, nullable=False),
    Index("ix_article_uri", "uri"),
    Index("ix_article_source_id_last_seen_at", "source_id", "last_seen_at"),
)

dark_article = Table(
    "dark_article",
    metadata,
    # An article whose latest look is dark.
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
)

article_key = Table(
    "article_key",
    metadata,
    # Identity key of an address: scheme, www., tracking parameters and AMP forms do not count.
    Column("key", Text, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Index("ix_article_key_article_id", "article_id"),
)

url = Table(
    "url",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("urlkey", CodePoints, nullable=False),
    Column("host", Text, nullable=False),
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL")),
    Index("ix_url_urlkey", "urlkey"),
    Index("ix_url_article_id", "article_id"),
)

warc_file = Table(
    "warc_file",
    metadata,
    Column("id", RowId, primary_key=True),
    # The final name; while the file is written, `.open` stands behind it in the blob store.
    Column("name", Text, nullable=False, unique=True),
    Column("is_open", Boolean, nullable=False),
    # Bytes of the final file, once all of it has rows: another size means that something happened to it.
    Column("size", BigInteger),
)

capture = Table(
    "capture",
    metadata,
    Column("id", HexId, primary_key=True),
    Column("captured_at", Moment, nullable=False),
    Column("url_id", ForeignKey("url.id"), nullable=False),
    Column("article_id", ForeignKey("article.id", ondelete="SET NULL")),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("status", SmallInteger),
    Column("verdict", VERDICT, nullable=False),
    Column("version", Integer),
    Column("payload_digest", LabelledDigest),
    Column("record_type", RECORD_TYPE, nullable=False),
    Column("record_id", RecordId, nullable=False),
    # The capture that a revisit record names as its original, present or not.
    Column("refers_to", HexId),
    Column("file_id", ForeignKey("warc_file.id")),
    Column("offset", BigInteger),
    Column("length", BigInteger),
    Column("page_kind", PAGE_KIND),
    Column("content", LabelledDigest),
    Column("is_damaged", Boolean, nullable=False),
    Column("aim", REDIRECT_AIM),
    Column("target", Text),
    Column("rendition", String(16), nullable=False),
    # What the answer asks of archives: "noarchive", "tdm-reservation", separated by commas.
    Column("rights", String(64)),
    # Its text is that of what a browser made of the answer, kept behind it in the file if it came to an end.
    Column("is_rendered", Boolean, nullable=False, server_default=false()),
    # It asks archives to keep away, and was kept for nobody to see.
    Column("is_dark", Boolean, nullable=False, server_default=false()),
    Index("ix_capture_captured_at", "captured_at"),
    Index("ix_capture_url_id_captured_at", "url_id", "captured_at"),
    Index("ix_capture_article_id_captured_at", "article_id", "captured_at"),
    Index("ix_capture_file_id_offset", "file_id", "offset"),
)

content = Table(
    "content",
    metadata,
    Column("digest", Text, primary_key=True),
    # An extraction as JSON, deflated.
    Column("data", LargeBinary, nullable=False),
)

version = Table(
    "version",
    metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("captured_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("capture", HexId, nullable=False),
    Column("content", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("words", Integer, nullable=False),
    Column("event", HexId),
)

event = Table(
    "event",
    metadata,
    Column("id", HexId, primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("severity", String(16)),
    Column("disclosure", String(16), nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("alert", Boolean, nullable=False),
    Column("is_variant", Boolean, nullable=False),
    Column("is_superseded", Boolean, nullable=False),
    Column("from_version", Integer),
    Column("to_version", Integer),
    Column("from_capture", HexId),
    Column("to_capture", HexId),
    Column("words_added", Integer, nullable=False),
    Column("words_removed", Integer, nullable=False),
    Column("tracks", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("summary", Text, nullable=False),
    # Operations and notes as JSON: read whole, never searched.
    Column("detail", Text, nullable=False),
    Index("ix_event_first_seen_at", "first_seen_at"),
    Index("ix_event_confirmed_at", "confirmed_at"),
    Index("ix_event_article_id_first_seen_at", "article_id", "first_seen_at"),
    Index("ix_event_source_id_first_seen_at", "source_id", "first_seen_at"),
)

block = Table(
    "block",
    metadata,
    # Which articles of an outlet a block of text came to, or went from: what many share is the template's.
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(16), primary_key=True),
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Moment, nullable=False),
)

noise = Table(
    "noise",
    metadata,
    # Blocks of an outlet's pages that are of no article: shared by many, or judged so by a person.
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(16), primary_key=True),
    # What was seen later than this is compared without the block.
    Column("since", Moment, nullable=False),
    # The redesign, or the event that was judged.
    Column("event", HexId),
)

judgement = Table(
    "judgement",
    metadata,
    # A judgement holds for the event of its kind in its capture: ids are worked out anew when captures come late.
    Column("to_capture", HexId, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("event", HexId, nullable=False),
    Column("judged_at", Moment, nullable=False),
    Column("severity", String(16)),
    Column("disclosure", String(16)),
    Column("is_an_edit", Boolean),
    # All of it, as JSON.
    Column("detail", Text, nullable=False),
)

frontier_host = Table(
    "frontier_host",
    metadata,
    Column("host", Text, primary_key=True),
    # Lease end while leased; else the earliest moment at which the host may be asked again.
    Column("ready_at", Moment, nullable=False),
    Column("lease", Text),
    # Seconds between two requests that the host asked for (Crawl-delay).
    Column("delay", Float, nullable=False, server_default="0"),
    # Not asked before this moment, whatever is due: its delay, or the Retry-After of its last answer.
    Column("rests_until", Moment),
    Index("ix_frontier_host_ready_at", "ready_at"),
)

frontier_url = Table(
    "frontier_url",
    metadata,
    Column("url_id", ForeignKey("url.id", ondelete="CASCADE"), primary_key=True),
    Column("host", Text, nullable=False),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("next_due", Moment, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    # What a feed or sitemap said of it last; a later word is a signal.
    Column("signalled_at", Text),
    # The coming visit was brought forward by such a word.
    Column("is_signalled", Boolean, nullable=False, server_default=false()),
    # Class of the last failure, while it fails.
    Column("reason", String(32)),
    Index("ix_frontier_url_host_next_due", "host", "next_due"),
)

learnt = Table(
    "learnt",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    # Values as JSON, read whole. May be lost: it is learnt anew from the ledger.
    Column("data", Text, nullable=False),
)

restatement = Table(
    "restatement",
    metadata,
    # What a capture shows by the newest look at it, where that is not the first; captures may have no row yet.
    Column("capture", HexId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("page_kind", PAGE_KIND),
    Column("content", LabelledDigest),
    Column("is_damaged", Boolean, nullable=False),
    Column("rendition", String(16), nullable=False),
)

signature = Table(
    "signature",
    metadata,
    Column("url_id", ForeignKey("url.id", ondelete="CASCADE"), primary_key=True),
    # What the address's last page was known by, and the text that it stands for. May be lost: the next page is read whole.
    Column("signature", HexId, nullable=False),
    Column("content", Text, nullable=False),
)
