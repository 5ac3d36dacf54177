"""Makes the reference pages from the code: commands from their `--help`, settings from the declared table."""

import sys
from pathlib import Path

import click

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from alerts.conditions import FIELDS  # noqa: E402 - the path is set first
from archive.reading.datasets import DATASETS, SEARCH, STATISTICS  # noqa: E402 - the same
from config.settings import DECLARED, SECTIONS  # noqa: E402 - the path is set first
from lateedition.cli.entry import COMMANDS, HIDDEN, cli  # noqa: E402 - the same

MADE = "<!-- Made from the code by `make docs`; changes here are lost. -->"


ABOUT_SETTINGS = (
    "Every key of `lateedition.toml`, with its default and the environment variable that overrides it.\n"
    "An unknown key is an error that names the nearest one."
)


def commands_page() -> str:
    """Return the page of all commands."""
    context = click.Context(cli, info_name="lateedition", max_content_width=100, terminal_width=100)
    parts = [
        MADE,
        "# Commands",
        "What every command does, with its options, as `--help` prints it.",
        _help(context),
    ]
    for name in COMMANDS:
        if name in HIDDEN:
            continue
        command = cli.get_command(context, name)
        if command is not None:
            parts += _section(command, context, name, level=2)
    return "\n\n".join(parts) + "\n"


def _section(command: click.Command, parent: click.Context, name: str, *, level: int) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100, terminal_width=100)
    title = context.command_path.removeprefix("lateedition ")
    parts = [f"{'#' * level} {title}", _help(context)]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None and not found.hidden:
                parts += _section(found, context, inner, level=level + 1)
    return parts


def _help(context: click.Context) -> str:
    return f"```text\n{context.get_help()}\n```"


def settings_page() -> str:
    """Return the page of all settings."""
    parts = [
        MADE,
        "# Settings",
        ABOUT_SETTINGS,
    ]
    for section in ("", *SECTIONS):
        rows = [row for row in DECLARED if row.name.rpartition(".")[0] == section]
        lines = ["| key | default | environment | what it does |", "|---|---|---|---|"]
        lines += [
            f"| `{row.name.rpartition('.')[2]}` | `{_shown(row.default)}` | `{row.variable}` | {row.help} |"
            for row in rows
        ]
        parts += [f"## [{section}]" if section else "## At the top of the file", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def datasets_page() -> str:
    """Return the page of all datasets."""
    parts = [MADE, "# Datasets", ABOUT_DATASETS]
    for name, columns in {**DATASETS, "search": SEARCH, "statistics": STATISTICS}.items():
        lines = ["| column | type | what it holds |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {one.kind.value} | {one.help} |" for one in columns]
        parts += [f"## {name}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


ABOUT_DATASETS = (
    "The columns of what `export` writes and notebooks open, in order; `search` and `statistics` are tables of "
    "notebooks.\n"
    "Types are those of Parquet and Arrow.\n"
    "In JSON lines times are ISO 8601 text; in CSV lists are JSON and a cell that would run as a formula begins with `'`.\n"
    "Edits come by `first_seen_at`, captures by WARC-Date, versions article by article."
)


ABOUT_RULES = (
    "What a rule can ask of an event: the option of `rules add` and the key in a file of rules have the same name.\n"
    "Values of one field are alternatives; different fields must all hold."
)
KINDS = {
    "choice": "one of the values",
    "text": "text",
    "glob": "address with `*`",
    "words": 'words or a `"phrase"`',
    "number": "number",
}
BESIDE = (
    ("to", "one or more channels"),
    ("group", "`none`, `article`, `hour` or `day`: which events share a message"),
    ("quiet", "`HH:MM-HH:MM`: local hours in which nothing is sent; it waits"),
    ("at", '`HH:MM`: local time of `group = "day"`, 08:00 unless said'),
    ("any", "tables of conditions of which one must hold"),
    ("all", "tables of conditions that must all hold"),
    ("not", "tables of conditions of which none may hold"),
)


def rules_page() -> str:
    """Return the page of a rule's fields."""
    lines = ["| field | value | what it asks |", "|---|---|---|"]
    for field in FIELDS.values():
        values = ", ".join(f"`{one}`" for one in field.choices) or KINDS[field.kind]
        lines.append(f"| `{field.name}` | {values} | {field.help} |")
    beside = ["| key | what it is |", "|---|---|", *[f"| `{key}` | {what} |" for key, what in BESIDE]]
    parts = [MADE, "# Rules", ABOUT_RULES, "\n".join(lines), "## Beside the conditions", "\n".join(beside)]
    return "\n\n".join(parts) + "\n"


def _shown(default: object) -> str:
    if isinstance(default, tuple):
        return "[]"
    return f'"{default}"' if isinstance(default, str) else f"{default:g}"


#: File beside this one → what makes it.
PAGES = {
    "commands.md": commands_page,
    "datasets.md": datasets_page,
    "rules.md": rules_page,
    "settings.md": settings_page,
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (HERE / name).write_text(make(), encoding="utf-8")
