"""The address guard: the public internet, what the operator allowed, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.addresses import AddressGuard

FORBIDDEN = [
    "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.8",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::", "2001:0:1::", "ff02::1", "fe80::1%eth0", "", "paper.example",
]  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_what_is_not_public_is_refused(address: str) -> None:
    """Private, link-local, mapped and translated addresses are refused, and so is what is no address."""
    assert not AddressGuard().allows(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_the_public_internet_is_allowed(address: str) -> None:
    """Globally routable addresses may be contacted."""
    assert AddressGuard().allows(address)


def test_a_hole_is_no_wider_than_it_was_made() -> None:
    """An allowed network opens itself and nothing beside it."""
    guard = AddressGuard(["127.8.0.0/16"])

    assert guard.allows("127.8.3.4")
    assert not guard.allows("127.9.0.1")
    assert not guard.allows("127.0.0.1")


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_never_better_than_nothing(address: object) -> None:
    """No IPv4 address becomes reachable by writing it as IPv6."""
    assert not AddressGuard().allows(f"::ffff:{address}")
    assert not AddressGuard().allows(f"64:ff9b::{address}")
