"""
The rule of which network addresses may be contacted. Pure: no name is looked up here.

Everything that is not globally routable is refused, and with it what Python 3.11's `is_global` lets
through though it can lead inside: NAT64, 6to4, IPv4-mapped and IETF protocol assignments.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ["AddressGuard"]

#: Refused although `is_global` says yes: they embed or translate to IPv4 addresses.
TRANSLATED = tuple(
    ip_network(network)
    for network in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
    )
)


class AddressGuard:
    """Says which addresses may be contacted: the public internet, and what the operator allowed by name."""

    def __init__(self, allowed_private_networks: Iterable[str] = ()) -> None:
        self._allowed = tuple(ip_network(network) for network in allowed_private_networks)

    def allows(self, address: str) -> bool:
        """Tell whether a socket may be opened to this IP address; what is no address is refused."""
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if any(ip in network for network in self._allowed if network.version == ip.version):
            return True
        return _is_public(ip)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        return False
    if any(ip in network for network in TRANSLATED if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast
