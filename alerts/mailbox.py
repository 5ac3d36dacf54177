"""A mail channel's address: which server takes the mail, as whom, and to whom. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from alerts.errors import ChannelUrlError

__all__ = ["Mailbox", "Security", "mailbox_of"]

EXAMPLE = "mailto://user:password@mail.desk.example?from=desk@desk.example&to=editor@desk.example"


class Security(StrEnum):
    """How the connection to the server is protected."""

    NONE = "insecure"  # plain
    STARTTLS = "starttls"  # plain at first, then TLS
    TLS = "ssl"  # TLS from the beginning


PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where a mail goes."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    sender: str
    #: Name beside the sender's address.
    name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]


def mailbox_of(url: str) -> Mailbox:
    """
    Read `mailto://user:password@host:port?from=…&to=…`; also `smtp` (the server), `cc`, `name` and `mode`.

    Raises:
        ChannelUrlError: no server or nobody to send to is named.
    """
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not parts.hostname:
        raise ChannelUrlError(f"{parts.scheme}://…: names no host; write it as {EXAMPLE}")
    security = _security(options.get("mode"), parts.scheme)
    user = unquote(parts.username or "")
    own = user if "@" in user else f"{user}@{parts.hostname}"
    sender = options.get("from") or (own if user else "")
    to = _addresses(options.get("to") or options.get("from") or (own if user else ""))
    cc = _addresses(options.get("cc", ""))
    wrong = [one for one in (sender, *to, *cc) if not _is_address(one)]
    if wrong or not to:
        what = f"{wrong[0]!r} is no mail address" if wrong and wrong[0] else "names nobody to send to"
        raise ChannelUrlError(f"{parts.scheme}://…: {what}; write it as {EXAMPLE}")
    return Mailbox(
        host=options.get("smtp") or parts.hostname,
        port=parts.port or PORTS[security],
        security=security,
        user=user,
        password=unquote(parts.password or ""),
        sender=sender,
        name=options.get("name", "Late Edition"),
        to=to,
        cc=cc,
    )


def _security(mode: str | None, scheme: str) -> Security:
    if mode is None:
        return Security.STARTTLS if scheme == "mailtos" else Security.NONE
    if mode not in list(Security):
        raise ChannelUrlError(f"{scheme}://…: mode={mode}: is none of {', '.join(Security)}")
    return Security(mode)


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at and host) and not any(one.isspace() or one in '<>",' for one in text)
