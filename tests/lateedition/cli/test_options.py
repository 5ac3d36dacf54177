"""What the commands' options take."""

import re

import click
import pytest

from lateedition.cli.entry import COMMANDS, cli


def _commands(command: click.Command, path: str):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from _commands(command.get_command(context, name), f"{path} {name}")


LOADED = [one for name in COMMANDS for one in _commands(cli.get_command(click.Context(cli), name), name)]


@pytest.mark.parametrize("command", [one for _, one in LOADED], ids=[path for path, _ in LOADED])
def test_choices_are_the_words_of_the_contract(command):
    """An option takes `silent`, as keys and documents have it; never a name out of the code."""
    kinds = [one.type for one in command.params if isinstance(one.type, click.Choice)]
    choices = [str(choice) for kind in kinds for choice in kind.choices]

    assert all(isinstance(choice, str) and choice == choice.lower() for choice in choices)
    assert all(kind.normalize_choice(choice, None) == choice for kind in kinds for choice in kind.choices)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "deliver"])
def test_every_command_has_help_and_an_example(name):
    """`--help` says what it does and shows a call of it."""
    command = cli.get_command(click.Context(cli), name)

    assert command.help
    assert re.search(rf"lateedition (--home \S+ )?{name}\b", command.epilog or "")
