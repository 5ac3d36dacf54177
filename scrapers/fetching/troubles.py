"""Names what went wrong with an exchange: one of the contract's reasons, and words for an operator."""

from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp

from archive.urls import LONGEST
from archive.warc.bodies import Decoded

__all__ = ["TRUNCATED", "ProxyFailedError", "Trouble", "of_coding", "of_error", "of_url"]


class ProxyFailedError(aiohttp.ClientError):
    """The operator's proxy cannot be reached, or does not do what it is asked."""


class Trouble(NamedTuple):
    """Why nothing, or not all, came back."""

    #: One of the contract's reasons.
    reason: str
    detail: str


#: WARC-Truncated reasons (WARC 1.1 §5.13) for what can be wrong with a body.
TRUNCATED = {
    "too_large": "length",
    "truncated": "disconnect",
    "bad_encoding": "unspecified",
    "timeout": "time",
}


def of_url(url: str) -> Trouble | None:
    """Say why an address cannot be asked for at all."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return Trouble("bad_url", f"{_short(url)}: {error}")
    if parts.scheme not in ("http", "https"):
        return Trouble(
            "unsupported_scheme", f"{parts.scheme or 'no scheme'}: only http and https are fetched"
        )
    if not parts.hostname or any(character.isspace() or ord(character) < 33 for character in url):
        return Trouble("bad_url", f"{_short(url)!r}: no usable address")
    if len(url) > LONGEST:
        return Trouble(
            "bad_url", f"{_short(url)}: {len(url)} characters long; over {LONGEST} is not asked for"
        )
    return None


def of_coding(decoded: Decoded) -> Trouble:
    """Say what is wrong with a content-coded body."""
    if "longer than" in decoded.reason:
        return Trouble("too_large", decoded.reason)
    return Trouble("truncated" if "early" in decoded.reason else "bad_encoding", decoded.reason)


def of_error(error: Exception) -> Trouble:
    """Say what an error of the HTTP client means."""
    match error:
        case aiohttp.ClientProxyConnectionError():
            return Trouble(
                "proxy", f"{error.host}:{error.port}: the proxy cannot be reached; see [fetch] proxy"
            )
        case ProxyFailedError():
            return Trouble("proxy", str(error))
        case aiohttp.ClientHttpProxyError():
            return Trouble("proxy", f"the proxy answers {error.status} {error.message}")
        case aiohttp.ClientConnectorDNSError():
            return Trouble("dns", f"{error.host}: the name is not known")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return Trouble("tls", str(error))
        case aiohttp.ClientConnectorError():
            return Trouble(
                "connect", f"{error.host}:{error.port}: {error.os_error.strerror or 'no connection'}"
            )
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return Trouble("bad_url", str(error))
        case aiohttp.ServerDisconnectedError():
            return Trouble("bad_http", "the server closed the connection without an answer")
        case aiohttp.ClientResponseError():
            return Trouble("bad_http", " ".join((error.message or str(error)).split())[:300])
        case ConnectionResetError() | aiohttp.ClientOSError():
            return Trouble("reset", f"the connection broke: {getattr(error, 'strerror', '') or error}")
    return Trouble("bad_http", str(error) or type(error).__name__)


def _short(url: str) -> str:
    return url if len(url) <= 200 else url[:200] + "…"
