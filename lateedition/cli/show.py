"""`lateedition show`."""

from datetime import datetime

import click

from lateedition.cli.home import Home, pass_home
from lateedition.cli.output import legible, moment_argument, when


@click.command("show", epilog="Example: lateedition show https://news.example/a --at 2026-07-19T20:15:00Z")
@click.argument("url")
@click.option("--at", type=moment_argument, help="As it was seen at this moment; now unless said.")
@pass_home
def command(home: Home, url: str, at: datetime | None) -> None:
    """Print an article's clean text."""
    with home.archive() as archive:
        found = archive.text(url, at=at)
    said, version = found.extraction, found.version
    click.secho(legible(said.headline), bold=True)
    if said.dek:
        click.secho(legible(said.dek), italic=True)
    byline = legible(", ".join(said.authors))
    click.secho(
        f"{byline + ' · ' if byline else ''}version {version.number} of {found.article.versions}, "
        f"first seen {when(version.captured_at)}, last seen {when(version.last_seen_at)}",
        dim=True,
    )
    for paragraph in said.body:
        click.echo()
        click.echo(click.wrap_text(legible(paragraph), width=_width()))
    for entry in said.entries:
        click.echo()
        click.secho(legible(f"{entry.at} {entry.headline}".strip()), bold=True)
        click.echo(click.wrap_text(legible(entry.text), width=_width()))
    for note in said.notes:
        click.echo()
        click.secho(
            click.wrap_text(legible(note.text), width=_width(), initial_indent="| ", subsequent_indent="| "),
            fg="yellow",
        )


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size().columns, 88)
