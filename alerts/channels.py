"""Where alerts go: webhooks, and what Apprise reaches; secrets are named, never stored or shown."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from alerts.errors import ChannelUrlError

__all__ = ["check_url", "is_webhook", "masked", "secret_of"]

#: Apprise services that carry a message and fetch nothing on our behalf.
ALLOWED = frozenset(
    {"mailto", "mailtos", "slack", "discord", "msteams", "mmost", "mmosts", "matrix", "matrixs", "ntfy", "ntfys", "tgram", "json", "jsons", "gotify", "gotifys", "rocket", "rockets", "zulip", "signal", "signals"}
)  # fmt: skip


def is_webhook(url: str) -> bool:
    """Tell whether an address is a webhook."""
    return urlsplit(url).scheme in ("http", "https")


def check_url(url: str) -> None:
    """
    Accept an address as a channel.

    Raises:
        ChannelUrlError: it is no address, or of a kind that is not sent to.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ChannelUrlError(f"{url}: {error}; write a webhook as https://desk.example/hook") from error
    if not parts.scheme or not (parts.netloc or parts.path):
        raise ChannelUrlError(f"{url}: is no address; write a webhook as https://desk.example/hook")
    if is_webhook(url):
        if not parts.hostname:
            raise ChannelUrlError(f"{url}: names no host; write a webhook as https://desk.example/hook")
        return
    if parts.scheme not in ALLOWED:
        raise ChannelUrlError(
            f"{parts.scheme}://: is not sent to; use http(s), or one of {', '.join(sorted(ALLOWED))}"
        )
    try:
        import apprise
    except ImportError as error:
        message = f"{parts.scheme}://: needs Apprise; install it with `pip install 'lateedition[chat]'`"
        raise ChannelUrlError(message) from error
    if apprise.Apprise.instantiate(url, suppress_exceptions=True) is None:
        raise ChannelUrlError(
            f"{parts.scheme}://…: Apprise cannot read this address; see its documentation for the form"
        )


def masked(url: str) -> str:
    """Return an address without what must not be shown: passwords, and the tokens of chat services."""
    parts = urlsplit(url)
    if is_webhook(url):
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(
            (
                parts.scheme,
                f"***@{host}" if "@" in parts.netloc else host,
                parts.path,
                "***" if parts.query else "",
                "",
            )
        )
    return f"{parts.scheme}://***"


def secret_of(variable: str | None, environment: Mapping[str, str] = os.environ) -> str | None:
    """
    Return the secret that a channel names, or None when it names none.

    Raises:
        LookupError: the variable is not set.
    """
    if variable is None:
        return None
    if not environment.get(variable):
        message = f"the environment variable {variable} is not set; nothing is sent unsigned"
        raise LookupError(message)
    return environment[variable]
