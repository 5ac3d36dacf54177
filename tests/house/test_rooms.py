"""The house: which rooms there are, and that the tools know all of them."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: The rooms, as the README's table lists them.
ROOMS = ["alerts", "archive", "config", "lateedition", "scheduler", "scrapers"]


def test_the_packages_at_the_root_are_the_rooms() -> None:
    """A new package at the top is a decision, not an accident."""
    assert sorted(path.parent.name for path in ROOT.glob("*/__init__.py")) == ROOMS


def test_what_is_packaged_checked_and_typed_are_the_same_rooms() -> None:
    """Wheel, type checker and import contracts name every room."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    tools = project["tool"]

    assert tools["hatch"]["build"]["targets"]["wheel"]["packages"] == ROOMS
    assert tools["mypy"]["packages"] == ROOMS
    assert tools["importlinter"]["root_packages"] == ROOMS


def test_nothing_is_named_after_nothing() -> None:
    """No module hides ideas behind a name that says nothing."""
    nameless = {"utils", "util", "helpers", "helper", "common", "misc", "core", "manager", "stuff"}
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]

    assert [path for path in files if path.stem in nameless or path.parent.name in nameless] == []


def test_modules_stay_small() -> None:
    """A module over 500 lines holds more than one idea."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]

    assert [path for path in files if len(path.read_text().splitlines()) > 500] == []
