"""The `lateedition` command: one module a command group, loaded when it is called; no logic."""

from lateedition.cli.entry import main

__all__ = ["main"]
