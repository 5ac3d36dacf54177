"""Connections through a SOCKS proxy: it looks the names up, and the bytes are kept as on any other connection."""

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from scrapers.fetching.troubles import ProxyFailedError

__all__ = ["SocksConnector", "connect_socks"]


async def connect_socks(proxy: str, host: str, port: int) -> socket.socket:
    """
    Return a socket that a SOCKS proxy has connected.

    Raises:
        ProxyFailedError: the proxy cannot be reached, or refuses.
        ImportError: its library is not installed.
    """
    from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
    from python_socks.async_.asyncio import Proxy

    # `socks5h` is what some programs call a proxy that looks names up; here every one does.
    named = proxy.replace("socks5h://", "socks5://", 1)
    try:
        opened: socket.socket = await Proxy.from_url(named, rdns=True).connect(host, port)
    except (ProxyError, ProxyConnectionError, ProxyTimeoutError) as error:
        place = urlsplit(proxy)
        message = f"{place.hostname}:{place.port}: the proxy does not lead to {host}:{port} ({error})"
        raise ProxyFailedError(message) from error
    return opened


class SocksConnector(aiohttp.TCPConnector):
    """aiohttp's own connector, over sockets that a proxy has connected."""

    def __init__(self, proxy: str, *, secure: ssl.SSLContext | None, keepalive: float) -> None:
        super().__init__(resolver=_NoResolver(), ssl=secure or True, limit=0, keepalive_timeout=keepalive)
        self._proxy = proxy

    async def _wrap_create_connection(self, *args: Any, addr_infos: Any, **kwargs: Any) -> Any:
        # aiohttp has no public way to bring a connected socket; a test holds this place.
        for name in ("req", "timeout", "client_error"):
            kwargs.pop(name, None)
        host, port = addr_infos[0][4][:2]
        opened = await connect_socks(self._proxy, host, port)
        try:
            return await self._loop.create_connection(*args, **kwargs, sock=opened)
        except BaseException:
            opened.close()
            raise


class _NoResolver(AbstractResolver):
    """Leaves names as they are."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the name itself."""
        return [{"hostname": host, "host": host, "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        """Give nothing back."""
