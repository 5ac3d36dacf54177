"""
How exchanges leave this machine: directly, or through the operator's proxy, with the operator's own authorities.

Through a proxy the names are looked up elsewhere: numeric addresses and names that are never public are
still refused here, and what a public name leads to is the proxy's to refuse.
"""

import ssl
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp

from archive.addresses import AddressGuard
from archive.sockets import guarded_sockets
from scrapers.fetching.socks import SocksConnector
from scrapers.fetching.troubles import Trouble
from scrapers.fetching.wire import keep_wire

__all__ = ["Route", "RouteError"]

#: Names that lead inside wherever they are looked up (RFC 6761, RFC 6762, RFC 8375).
INSIDE = (
    "localhost",
    ".localhost",
    ".local",
    ".internal",
    ".home.arpa",
    ".lan",
    ".intranet",
    ".corp",
    ".home",
)
#: Seconds for which a looked-up name and an unused connection are kept.
NAMES, IDLE = 60, 20


class RouteError(ValueError):
    """The way out cannot be opened; its text says which setting is at fault and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way out."""

    #: `http://host:port`, `socks5://host:port`, or None for none.
    proxy_url: str = ""
    #: PEM file of further certificate authorities.
    ca_file: str = ""

    @property
    def proxy(self) -> str | None:
        """The proxy that each request names; a SOCKS proxy is the connector's business."""
        return self.proxy_url if self.proxy_url.startswith("http") else None

    def refusal(self, url: str, guard: AddressGuard) -> Trouble | None:
        """Say why a proxy must not be asked for an address; without one the socket itself is guarded."""
        if not self.proxy_url:
            return None
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
        try:
            spelled = str(ip_address(_plain(host)))
        except ValueError:
            inside = host == INSIDE[0] or host.endswith(INSIDE[1:]) or "." not in host
            return Trouble("forbidden_address", f"{host} is a name of an inner network") if inside else None
        if guard.allows(spelled):
            return None
        return Trouble("forbidden_address", f"{host} is not a public address")

    def connector(self, guard: AddressGuard) -> aiohttp.BaseConnector:
        """
        Open the connector of a session.

        Raises:
            RouteError: the proxy's library is not installed, or the file of authorities cannot be read.
        """
        secure = self._authorities()
        if self.proxy_url.startswith("socks"):
            return self._socks(secure)
        # The operator named the proxy: it may stand on an inner address, and nothing else is connected to.
        sockets = None if self.proxy_url else guarded_sockets(guard)
        return keep_wire(
            aiohttp.TCPConnector(
                socket_factory=sockets,
                ssl=secure or True,
                limit=0,
                ttl_dns_cache=NAMES,
                keepalive_timeout=IDLE,
            )
        )

    def _authorities(self) -> ssl.SSLContext | None:
        if not self.ca_file:
            return None
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            message = f"[fetch] ca_file: {self.ca_file} cannot be read as PEM certificates ({error})"
            raise RouteError(message) from error
        return context

    def _socks(self, secure: ssl.SSLContext | None) -> aiohttp.BaseConnector:
        if find_spec("python_socks") is None:
            message = '[fetch] proxy: SOCKS needs an extra; run `pip install "lateedition[socks]"`'
            raise RouteError(message)
        return keep_wire(SocksConnector(self.proxy_url, secure=secure, keepalive=IDLE))


def _plain(host: str) -> str:
    """Return a host with the odd spellings of IPv4 (`0x7f.1`, `2130706433`) written out."""
    import socket

    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if host[:1].isdigit() else host
    except OSError:
        return host
