"""
What can go wrong with rules and channels.

    AlertError
    ├── NameTakenError        a channel or rule of that name exists
    ├── UnknownNameError      there is no channel, rule or delivery of that name
    ├── ChannelUrlError       an address cannot be a channel
    ├── RuleError             a rule cannot be understood
    └── RuleFileError         a file of rules cannot be read
"""

__all__ = [
    "AlertError",
    "ChannelUrlError",
    "NameTakenError",
    "RuleError",
    "RuleFileError",
    "UnknownNameError",
]


class AlertError(Exception):
    """Base of everything this room raises on purpose."""


class NameTakenError(AlertError, ValueError):
    """A channel or rule of that name exists."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"{name}: there is a {what} of that name; choose another, or remove it first.")


class UnknownNameError(AlertError, LookupError):
    """There is no channel, rule or delivery of that name."""

    def __init__(self, what: str, name: str, listing: str) -> None:
        super().__init__(f"{name}: no such {what}; `lateedition {listing}` lists them.")


class ChannelUrlError(AlertError, ValueError):
    """An address cannot be a channel."""


class RuleError(AlertError, ValueError):
    """A rule cannot be understood."""


class RuleFileError(AlertError, ValueError):
    """A file of rules cannot be read."""
