"""`lateedition search`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archive.model import Disclosure, Severity
from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import format_option, jsonl, moment_argument, progress, table, when

if TYPE_CHECKING:
    from archive.opening import Stores

EPILOG = (
    "Examples: lateedition search 'flood AND (warning OR alarm) -drill'; "
    "lateedition search '\"climate emergency\"' --in removed --disclosure silent --from 2026-03-01"
)


@click.command("search", epilog=EPILOG)
@click.argument("query")
@click.option(
    "--in",
    "where",
    type=click.Choice(["text", "headline", "added", "removed"]),
    default="text",
    show_default=True,
    help="Look at what versions say, at headlines, or at the words that edits added or removed.",
)
@click.option("--source", "sources", multiple=True, help="Of this source; may be repeated.")
@click.option("--language", "languages", multiple=True, help="In this language (en, pt-BR); may be repeated.")
@click.option("--from", "since", type=moment_argument, help="First captured at this moment or later.")
@click.option("--to", "until", type=moment_argument, help="First captured at this moment or earlier.")
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice([one.value for one in Severity]),
    help="Of the edit.",
)
@click.option(
    "--disclosure",
    "disclosures",
    multiple=True,
    type=click.Choice([one.value for one in Disclosure]),
    help="Of the edit.",
)
@click.option(
    "--all-versions", is_flag=True, help="Every version that answers, not only the newest of an article."
)
@click.option("--sort", type=click.Choice(["best", "date"]), default="best", show_default=True)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@format_option("table", "jsonl")
@pass_home
def command(home: Home, /, query: str, output: str, limit: int, **options: Any) -> None:
    """
    Full-text search over versions, or over the words that edits added or removed.

    Words are joined by AND. There are "phrases", OR, NOT and -word, prefix*, parentheses and headline:word.
    Case and accents do not count. Options come first; -- ends them, for a QUERY that begins with a dash.
    """
    from archive.reading import Archive, SearchPage, search_line

    asked = _query(query, **options)
    with home.stores() as stores:
        _fill(stores)
        found = Archive(stores, dark=home.dark).search(asked, SearchPage(limit=limit))
        if output == "jsonl":
            jsonl(search_line(one) for one in found)
            return
        table(
            ["First seen", ">Version", "Source", "Headline and place"],
            (
                [when(one.captured_at), str(one.version or "–"), one.source, f"{one.headline}\n{one.snippet}"]
                for one in found
            ),
            empty="Nothing says this. Words are joined by AND; try fewer, OR, or prefix*.",
        )


def _query(
    query: str, *, where: str, sort: str, since: datetime | None, until: datetime | None, **narrowed: Any
) -> Any:
    from archive.reading import SearchIn, SearchQuery, SearchSort

    if not query.strip():
        message = "QUERY is empty; say what to look for"
        raise click.UsageError(message)
    if since and until and since > until:
        message = "--from is after --to; nothing can match."
        raise click.UsageError(message)
    return SearchQuery(
        text=query, where=SearchIn(where), sort=SearchSort(sort), since=since, until=until, **narrowed
    )


def _fill(stores: "Stores") -> None:
    """Index what an older version of this software left without an index."""
    from archive.catalog.search_filling import fill_search_index

    with progress("Indexing articles for search, once") as move:
        fill_search_index(stores.catalogue, progress=move)
