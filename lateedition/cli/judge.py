"""`lateedition judge`."""

import click

from archive.model import Disclosure, Judgement, Severity
from lateedition import __version__
from lateedition.cli.home import Home, pass_home

__all__ = ["command", "words_of"]


@click.command(
    "judge",
    epilog="Examples: lateedition judge 7f3a… --not-an-edit --comment 'a banner'; "
    "lateedition judge 7f3a… --severity minor --tag checked",
)
@click.argument("event")
@click.option(
    "--not-an-edit/--an-edit",
    "is_no_edit",
    default=None,
    help="It is no edit: it raises no alert, and its blocks stay out on this outlet from then on; --an-edit takes that back.",
)
@click.option("--severity", type=click.Choice([one.value for one in Severity]), help="How severe it is.")
@click.option(
    "--disclosure", type=click.Choice([one.value for one in Disclosure]), help="Whether the outlet said so."
)
@click.option("--comment", help="A remark for those who read the ledger.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be repeated.")
@pass_home
def command(
    home: Home,
    event: str,
    is_no_edit: bool | None,
    severity: Severity | None,
    disclosure: Disclosure | None,
    comment: str | None,
    tags: tuple[str, ...],
) -> None:
    """Put a person's word on an event; it goes before what was found, and is kept."""
    from archive.ingest import Word, judge_event

    word = Word(
        is_an_edit=None if is_no_edit is None else not is_no_edit,
        severity=severity,
        disclosure=disclosure,
        comment=comment,
        tags=tags,
    )
    if word == Word():
        raise click.UsageError(
            "Say something of it: --not-an-edit, --severity, --disclosure, --comment or --tag."
        )
    with home.stores() as stores:
        judged = judge_event(stores, event, word, software=f"lateedition/{__version__}")
    click.echo(f"{judged.summary}")
    if judged.judgement is not None:
        click.echo(f"judged: {words_of(judged.judgement)}")


def words_of(said: Judgement) -> str:
    """Return a judgement in words."""
    parts = []
    if said.is_an_edit is not None:
        parts.append("an edit" if said.is_an_edit else "not an edit")
    parts += [said.severity] if said.severity else []
    parts += [f"disclosure {said.disclosure}"] if said.disclosure else []
    parts += [f"“{said.comment}”"] if said.comment else []
    parts += [f"#{tag}" for tag in said.tags]
    return ", ".join(parts)
