"""What is played: read from `programme.toml`, which anyone can read and change."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lateedition.demo.story import Change, Story

__all__ = ["Programme", "read_programme"]

FILE = Path(__file__).with_name("programme.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The newspaper and its stories."""

    outlet: str
    #: Section's name in addresses → its name for people.
    sections: dict[str, str]
    stories: tuple[Story, ...]


def read_programme() -> Programme:
    """Return the programme that ships with the demonstration."""
    values = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Programme(
        outlet=values["outlet"],
        sections=values["sections"],
        stories=tuple(_story(one) for one in values["stories"]),
    )


def _story(values: dict[str, Any]) -> Story:
    paragraphs = values.pop("body").split("\n\n")
    changes = tuple(_change(one) for one in values.pop("changes", ()))
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Story(
        body=tuple(one.replace("\n", " ") for one in paragraphs), changes=changes, **(values | lists)
    )


def _change(values: dict[str, Any]) -> Change:
    swap = tuple((before, after) for before, after in values.pop("swap", ()))
    return Change(swap=swap, adds=tuple(values.pop("adds", ())), **values)
