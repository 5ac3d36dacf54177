"""The home a command works on: its settings, read once, and its stores, opened when needed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config import Settings, load_settings

if TYPE_CHECKING:
    from archive.opening import Stores
    from archive.reading import Archive

__all__ = ["Home", "pass_home"]


class Home:
    """One `--home`."""

    def __init__(self, path: Path, *, dark: bool = False) -> None:
        self.path = path.absolute()
        #: Show what is kept dark as well.
        self.dark = dark

    @cached_property
    def settings(self) -> Settings:
        """The settings of this home; SettingsError when they cannot be used."""
        return load_settings(self.path, os.environ)

    @contextmanager
    def stores(self) -> Iterator["Stores"]:
        """Open the stores while the block runs."""
        from lateedition.access import stores_of

        opened = stores_of(self.path, self.settings)
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def archive(self) -> Iterator["Archive"]:
        """Open the archive for reading while the block runs."""
        from archive.reading import Archive

        with self.stores() as stores:
            yield Archive(stores, dark=self.dark)


pass_home = click.make_pass_decorator(Home)
