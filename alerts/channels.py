"""Where alerts go: webhooks, mail, and what Apprise reaches; secrets are named, never stored or shown."""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import quote, urlsplit, urlunsplit

from alerts.errors import ChannelUrlError
from alerts.mailbox import mailbox_of

__all__ = ["ALLOWED", "Kind", "check_url", "filled", "kind_of", "masked", "secrets_of"]

#: Apprise services that carry a message and fetch nothing on our behalf.
ALLOWED = frozenset(
    {"discord", "gotify", "gotifys", "json", "jsons", "matrix", "matrixs", "mmost", "mmosts", "msteams", "ntfy", "ntfys", "rocket", "rockets", "signal", "signals", "slack", "tgram", "workflow", "workflows", "zulip"}
)  # fmt: skip

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: A part of a path that is long and mixes letters with digits is taken for a token.
TOKEN = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_\-]{12,}")


class Kind(StrEnum):
    """How a channel is reached."""

    WEBHOOK = "webhook"
    MAIL = "mail"
    CHAT = "chat"  # by Apprise


def kind_of(url: str) -> Kind:
    """Return how an address is reached."""
    scheme = urlsplit(url).scheme
    if scheme in ("http", "https"):
        return Kind.WEBHOOK
    return Kind.MAIL if scheme in ("mailto", "mailtos") else Kind.CHAT


def check_url(url: str) -> None:
    """
    Accept an address as a channel.

    Raises:
        ChannelUrlError: it is no address, or of a kind that is not sent to.
    """
    shown = PLACEHOLDER.sub("secret", url)
    try:
        parts = urlsplit(shown)
        _ = parts.port
    except ValueError as error:
        raise ChannelUrlError(f"{url}: {error}; write a webhook as https://desk.example/hook") from error
    if not parts.scheme or not (parts.netloc or parts.path):
        raise ChannelUrlError(f"{url!r} is no address; write a webhook as https://desk.example/hook")
    match kind_of(shown):
        case Kind.WEBHOOK:
            if not parts.hostname:
                raise ChannelUrlError(f"{url}: names no host; write a webhook as https://desk.example/hook")
        case Kind.MAIL:
            mailbox_of(shown)
        case Kind.CHAT:
            _check_chat(shown, parts.scheme)


def _check_chat(url: str, scheme: str) -> None:
    if scheme not in ALLOWED:
        known = ", ".join(["http", "https", "mailto", "mailtos", *sorted(ALLOWED)])
        raise ChannelUrlError(f"{scheme}://: is not sent to; use one of {known}")
    try:
        import apprise
    except ImportError as error:
        message = f"{scheme}://: needs Apprise; install it with `pip install 'lateedition[chat]'`"
        raise ChannelUrlError(message) from error
    if apprise.Apprise.instantiate(url, suppress_exceptions=True) is None:
        raise ChannelUrlError(
            f"{scheme}://…: Apprise cannot read this address; see its documentation for the form"
        )


def masked(url: str) -> str:
    """Return an address without what must not be shown: passwords, tokens in paths, and those of chat services."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    match kind_of(url):
        case Kind.WEBHOOK:
            user = "***@" if "@" in parts.netloc else ""
            path = "/".join("***" if TOKEN.fullmatch(one) else one for one in parts.path.split("/"))
            return urlunsplit((parts.scheme, user + host, path, "***" if parts.query else "", ""))
        case Kind.MAIL:
            return f"{parts.scheme}://{'***@' if '@' in parts.netloc else ''}{host}"
        case Kind.CHAT:
            return f"{parts.scheme}://***"


def filled(url: str, environment: Mapping[str, str] = os.environ) -> str:
    """
    Return an address with each `${NAME}` replaced by that environment variable.

    Raises:
        LookupError: a variable is not set.
    """

    def value(found: re.Match[str]) -> str:
        return quote(_set(found[1], environment, "nothing is sent without it"), safe="")

    return PLACEHOLDER.sub(value, url)


def secrets_of(variables: str | None, environment: Mapping[str, str] = os.environ) -> list[str]:
    """
    Return the secrets that a channel names, the newest first; none when it names none.

    Raises:
        LookupError: a variable is not set.
    """
    return [_set(one, environment, "nothing is sent unsigned") for one in (variables or "").split()]


def _set(variable: str, environment: Mapping[str, str], consequence: str) -> str:
    if not environment.get(variable):
        message = f"the environment variable {variable} is not set; {consequence}"
        raise LookupError(message)
    return environment[variable]
