"""What the datasets hold, column by column: the one place that files, notebooks and the reference page go by."""

from dataclasses import dataclass
from enum import Enum

__all__ = ["DATASETS", "SEARCH", "STATISTICS", "Column", "Kind"]


class Kind(Enum):
    """What a column holds; the text is how Parquet and Arrow call it."""

    TEXT = "string"
    INTEGER = "int64"
    NUMBER = "float64"
    BOOLEAN = "bool"
    TIME = "timestamp[us, tz=UTC]"
    TEXTS = "list<string>"
    NOTES = "list<struct<change, kinds, text, stated_at, stated_at_assumed>>"
    OPERATIONS = "list<struct<track, kind, before, after>>"
    CLAIMS = "list<struct<note, text, operations>>"
    JUDGEMENT = "struct<judged_at, is_an_edit, severity, disclosure, comment, tags>"
    RECORD = "struct<type, id, file, offset, length>"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset."""

    name: str
    kind: Kind
    help: str


EDITS = (
    Column("event", Kind.TEXT, "Id of the event; the same after a rebuild."),
    Column("article", Kind.TEXT, "Canonical address of the article."),
    Column("source", Kind.TEXT, "Name of the source."),
    Column("headline", Kind.TEXT, "Headline after the edit."),
    Column("kind", Kind.TEXT, "edit, live, removed, restored, moved, metadata, cosmetic or redesign."),
    Column("severity", Kind.TEXT, "material, minor, or empty where it does not apply."),
    Column("tracks", Kind.TEXTS, "Parts of the article that changed."),
    Column("first_seen_at", Kind.TIME, "WARC-Date of the first capture that shows it: it happened before."),
    Column("confirmed_at", Kind.TIME, "WARC-Date of the next trusted capture that still has it."),
    Column("from_version", Kind.INTEGER, "Version before."),
    Column("to_version", Kind.INTEGER, "Version after."),
    Column("words_added", Kind.INTEGER, "Words that it brought."),
    Column("words_removed", Kind.INTEGER, "Words that it took."),
    Column("notes", Kind.NOTES, "Publisher's notes that came, changed or went with it."),
    Column("disclosure", Kind.TEXT, "disclosed, partial, silent, none or unknown."),
    Column("variant", Kind.BOOLEAN, "One of several texts that the site alternates between."),
    Column("alert", Kind.BOOLEAN, "Raises an alert."),
    Column("summary", Kind.TEXT, "One line for a busy editor."),
    Column("reasons", Kind.TEXTS, "Why it is as severe as it is, gravest first."),
    Column("reverted", Kind.BOOLEAN, "It takes an earlier edit back."),
    Column("evidence", Kind.CLAIMS, "What the note says, with the changes that it explains."),
    Column("unsaid", Kind.OPERATIONS, "Changes that no note explains."),
    Column("judgement", Kind.JUDGEMENT, "A person's word on it; it goes before what was found."),
)

VERSIONS = (
    Column("article", Kind.TEXT, "Canonical address of the article."),
    Column("source", Kind.TEXT, "Name of the source."),
    Column("version", Kind.INTEGER, "Number of the version, from 1."),
    Column("captured_at", Kind.TIME, "WARC-Date of the first capture that shows it."),
    Column("last_seen_at", Kind.TIME, "WARC-Date of the last one."),
    Column("capture", Kind.TEXT, "Id of the first capture."),
    Column("event", Kind.TEXT, "Event that led to it; empty for the first."),
    Column("language", Kind.TEXT, "As the page states it."),
    Column("published_at", Kind.TEXT, "As the page states it, with its offset."),
    Column("authors", Kind.TEXTS, "As the page names them."),
    Column("section", Kind.TEXT, "As the page names it."),
    Column("headline", Kind.TEXT, "Headline."),
    Column("dek", Kind.TEXT, "Standfirst."),
    Column("words", Kind.INTEGER, "Words of the text."),
    Column("text", Kind.TEXT, "Clean text, one paragraph a line."),
    Column("notes", Kind.TEXTS, "Publisher's notes."),
)

CAPTURES = (
    Column("capture", Kind.TEXT, "Id of the capture."),
    Column("captured_at", Kind.TIME, "WARC-Date."),
    Column("requested_uri", Kind.TEXT, "Address that was asked for."),
    Column("article", Kind.TEXT, "Canonical address of the article, where it belongs to one."),
    Column("source", Kind.TEXT, "Name of the source."),
    Column("status", Kind.INTEGER, "HTTP status; empty when nothing came back."),
    Column("verdict", Kind.TEXT, "What the capture says about its article."),
    Column("version", Kind.INTEGER, "Version that it shows."),
    Column("payload_digest", Kind.TEXT, "Labelled digest of the entity as sent."),
    Column("record", Kind.RECORD, "WARC record that holds it. File and offset may change; the id does not."),
    Column("page_kind", Kind.TEXT, "What the page is."),
)

SEARCH = (
    Column("article", Kind.TEXT, "Canonical address of the article."),
    Column("source", Kind.TEXT, "Name of the source."),
    Column("headline", Kind.TEXT, "Headline of the version; of an edit, after it."),
    Column("version", Kind.INTEGER, "Number of the version that answers, or that the edit led to."),
    Column("captured_at", Kind.TIME, "WARC-Date of the first capture that shows it."),
    Column("event", Kind.TEXT, "Edit that led to the version, or that brought or took the words."),
    Column("snippet", Kind.TEXT, "The place that answers, hits between [[ and ]]."),
    Column("score", Kind.NUMBER, "The higher, the better; comparable within one answer only."),
)

STATISTICS = (
    Column("source", Kind.TEXT, "Name of the source; empty for all together."),
    Column("week", Kind.TIME, "Monday, 00:00 UTC, on which the week begins; empty for the whole time."),
    Column(
        "articles",
        Kind.INTEGER,
        "Articles of which a capture was made (the denominator of edited and churn).",
    ),
    Column("new_articles", Kind.INTEGER, "Articles captured for the first time."),
    Column("edits", Kind.INTEGER, "Events of kind edit that raise an alert, by first_seen_at."),
    Column("edited_articles", Kind.INTEGER, "Articles with at least one of them."),
    Column("edited_share", Kind.NUMBER, "edited_articles of articles."),
    Column("edited_low", Kind.NUMBER, "Lower end of its 95 % Wilson interval."),
    Column("edited_high", Kind.NUMBER, "Upper end."),
    Column(
        "needed_note",
        Kind.INTEGER,
        "Edits that needed a note: disclosed, partial or silent (the denominator of silent).",
    ),
    Column("silent", Kind.INTEGER, "Those of them that have none."),
    Column("silent_share", Kind.NUMBER, "silent of needed_note."),
    Column("silent_low", Kind.NUMBER, "Lower end of its 95 % Wilson interval."),
    Column("silent_high", Kind.NUMBER, "Upper end."),
    Column("corrections", Kind.INTEGER, "Edits that brought or changed a note that says correction."),
    Column("headline_articles", Kind.INTEGER, "Articles whose headline was edited."),
    Column("headline_churn", Kind.NUMBER, "headline_articles of articles."),
    Column("churn_low", Kind.NUMBER, "Lower end of its 95 % Wilson interval."),
    Column("churn_high", Kind.NUMBER, "Upper end."),
    Column(
        "median_age_hours",
        Kind.NUMBER,
        "Median age of the article at an edit: first_seen_at less the stated publication, or the first capture where none is stated.",
    ),
)

#: Dataset → its columns, in order.
DATASETS = {"edits": EDITS, "versions": VERSIONS, "captures": CAPTURES}
