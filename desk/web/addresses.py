"""Whose requests are counted together."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from fastapi import Request

_SITE = 64
"""Bits of an IPv6 address that a provider gives to one customer; the rest that customer chooses anew at will."""


def address_of(request: Request) -> str:
    """The caller's address, as far as trusted proxies tell it."""
    return request.client.host if request.client else "unknown"


def counted_address(request: Request) -> str:
    """What limits count by: an IPv4 address, or the network of an IPv6 address that one customer has."""
    return network_of(address_of(request))


def network_of(address: str) -> str:
    """An IPv4 address as it is, also inside of an IPv6 one; an IPv6 address as its /64; anything else as it is."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, _SITE), strict=False))
