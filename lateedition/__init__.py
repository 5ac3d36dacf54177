"""
Late Edition: archive news articles, and be told when they are edited.

Names are loaded when asked for, so that importing the package stays light.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.text import extract
    from lateedition.notebook import open_archive

__all__ = ["__version__", "extract", "open_archive"]

__version__ = "0.1.0"

#: Where each public name lives.
HOMES = {"extract": "archive.text", "open_archive": "lateedition.notebook"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(HOMES[name]), name)
