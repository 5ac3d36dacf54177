"""
The declared table of settings: name, type, default and one sentence of help for each.

Documentation, the sample file and validation are made from the fields below; nothing else in the
project knows a default.
"""

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from typing import Any

__all__ = ["DECLARED", "Setting", "Settings"]


def _setting(
    default: Any,
    sentence: str,
    *,
    check: Callable[[Any], str | None] | None = None,
) -> Any:
    """Declare one setting; `check` returns what is wrong with a value, or None."""
    return field(default=default, metadata={"help": sentence, "check": check})


def _not_negative(value: float) -> str | None:
    return None if value >= 0 else f"must not be negative, not {value}"


def _positive(value: float) -> str | None:
    return None if value > 0 else f"must be over 0, not {value}"


def _networks(value: tuple[str, ...]) -> str | None:
    import ipaddress

    for network in value:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            return f'{error}; write networks as "127.8.0.0/16"'
    return None


def _proxy(value: str) -> str | None:
    from urllib.parse import urlsplit

    parts = urlsplit(value)
    if not value or (parts.scheme in ("http", "socks4", "socks5", "socks5h") and parts.hostname):
        return None
    return f"{value!r} is no proxy; write it as http://proxy.example:3128 or socks5://127.0.0.1:1080"


def _one_of(*words: str) -> Callable[[str], str | None]:
    """Check that a value is one of some words."""
    return lambda value: None if value in words else f"must be one of {', '.join(words)}, not {value!r}"


def _readable(value: str) -> str | None:
    from pathlib import Path

    return None if not value or Path(value).is_file() else f"{value}: there is no such file"


def _zone(value: str) -> str | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        return f'{value!r} is no time zone; write it as "Europe/Berlin"'
    return None


def _keep(value: str) -> str | None:
    return None if value in ("all", "changes") else f"must be all or changes, not {value!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What an operator decided, read once at start.

    A field `section_key` is written `key` under `[section]` in the file; a field without a known section
    stands at the top of the file.
    """

    contact: str = _setting("", "Address or page of the operator, named in the User-Agent.")
    catalogue: str = _setting(
        "",
        "Where the catalogue lives: `sqlite:///…` or `postgresql://…`; empty = `catalog.sqlite` in the home.",
    )
    blobs: str = _setting(
        "", "Where the WARC files live: `file:///…` or `s3://…`; empty = `warc/` in the home."
    )
    allowed_private_networks: tuple[str, ...] = _setting(
        (),
        "The only addresses outside the public internet that may be contacted.",
        check=_networks,
    )
    politeness_delay: float = _setting(5.0, "Seconds between two requests to a host.", check=_not_negative)
    politeness_concurrency_per_host: int = _setting(1, "Requests to one host at a time.", check=_positive)
    fetch_timeout: float = _setting(30.0, "Seconds for one whole exchange, body included.", check=_positive)
    fetch_proxy: str = _setting(
        "",
        "Proxy that everything is fetched through: `http://host:port`, or `socks5://host:port` with the extra `socks`.",
        check=_proxy,
    )
    fetch_ca_file: str = _setting(
        "", "PEM file of further certificate authorities, such as a proxy's own.", check=_readable
    )
    fetch_browser: str = _setting(
        "",
        "Chromium that renders the pages of recipes with `browser = true` (extra `browser`); empty = the first that is found.",
        check=_readable,
    )
    rights_noarchive: str = _setting(
        "store",
        "Pages that ask archives to keep away (`noarchive`, TDM reservation): `store` keeps and marks them, `store-dark` keeps them out of everything that is read unless asked with `--dark`, `skip` leaves them out.",
        check=_one_of("store", "store-dark", "skip"),
    )
    revisit_budget: float = _setting(
        0.0, "Fetches a day over all sources; 0 = what politeness allows.", check=_not_negative
    )
    revisit_fixed_interval: float = _setting(
        0.0,
        "Seconds between visits to an article; over 0 it replaces the adaptive policy.",
        check=_not_negative,
    )
    discovery_interval: float = _setting(
        0.0, "Seconds between looks at feeds, sitemaps and sections; 0 = adaptive.", check=_not_negative
    )
    alerts_retry_base: float = _setting(
        30.0, "Seconds before the second try of a delivery; doubles each time, with jitter.", check=_positive
    )
    alerts_timeout: float = _setting(15.0, "Seconds for one whole delivery exchange.", check=_positive)
    alerts_burst: float = _setting(
        60.0, "Seconds of quiet that end a burst of one article (`--group article`).", check=_not_negative
    )
    alerts_timezone: str = _setting("UTC", "Time zone of quiet hours and daily digests.", check=_zone)
    store_keep: str = _setting(
        "all",
        "Which full answers are kept: `all`, or `changes` for only those whose article content is new.",
        check=_keep,
    )
    clock_speed: float = _setting(
        1.0,
        "How many times faster than the wall clock this home's time runs; for demonstrations.",
        check=_positive,
    )
    clock_anchor: str = _setting(
        "", "ISO 8601 moment at which the home's time and the wall clock agree; needed when `speed` is not 1."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table."""

    #: Dotted name as in the file: `politeness.delay`.
    name: str
    #: Attribute of `Settings`.
    attribute: str
    #: Environment variable that overrides the file.
    variable: str
    type: type
    default: Any
    help: str
    check: Callable[[Any], str | None] | None


SECTIONS = ("politeness", "fetch", "revisit", "discovery", "alerts", "store", "clock", "rights")


def _row(one: Field[Any]) -> Setting:
    section, _, key = one.name.partition("_")
    name = f"{section}.{key}" if section in SECTIONS else one.name
    return Setting(
        name=name,
        attribute=one.name,
        variable=f"LATEEDITION_{one.name.upper()}",
        type=type(one.default),
        default=one.default,
        help=one.metadata["help"],
        check=one.metadata["check"],
    )


#: The table, in the order of declaration.
DECLARED: tuple[Setting, ...] = tuple(_row(one) for one in fields(Settings))
