"""`lateedition cite`."""

from datetime import UTC, datetime

import click

from lateedition.cli.home import Home, pass_home


@click.command(
    "cite",
    epilog="Examples: lateedition cite https://news.example/a@2026-07-19T20:15:00Z; "
    "lateedition cite 1f0c… --format bibtex",
)
@click.argument("what", metavar="EVENT|URL[@TIME]")
@click.option(
    "--format", "form", type=click.Choice(["text", "bibtex", "json-ld"]), default="text", show_default=True
)
@click.option(
    "--base",
    default="http://127.0.0.1:8765",
    show_default=True,
    help="Where the archive is served: memento addresses begin with it.",
)
@pass_home
def command(home: Home, what: str, form: str, base: str) -> None:
    """Cite an edit, or what an article said at a moment (last, unless a time is given)."""
    from archive.reading.citations import FORMATS, cite_article, cite_event

    with home.archive() as archive:
        if "://" in what:
            url, at = _split(what)
            citation = cite_article(archive, url, at=at, base=base)
        else:
            citation = cite_event(archive, what, base=base)
    click.echo(FORMATS[form](citation))


def _split(what: str) -> tuple[str, datetime | None]:
    """Return the address and the time; an `@` that no time follows belongs to the address."""
    url, mark, stated = what.rpartition("@")
    if not mark:
        return what, None
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return what, None
    return url, moment.astimezone(UTC)
