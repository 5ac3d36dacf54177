"""
Recipes: what an outlet needs beyond the general way, one TOML file a source under `sources/` of a home.

A recipe names where the outlet keeps headline, text and notes, what to send along, and where to look for articles.
It never gets around a wall: what asks for money, an account or consent is recorded as what it is.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from config.errors import SettingsError

__all__ = ["RECIPES", "Recipe", "load_recipe", "load_recipes", "recipe_file"]

#: Folder of a home that holds them.
RECIPES = "sources"

#: Characters of a source's name that may stand in the name of a file, besides letters and digits.
PLAIN = " @+,-._"

#: Keys of `[select]`; `remove` is a list.
SELECTORS = ("headline", "dek", "body", "authors", "published", "modified", "notes", "captions")
#: Headers that are the fetcher's own business.
FIXED = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding"}
)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "fetch": ("headers", "cookies", "browser"),
    "select": (*SELECTORS, "remove"),
    "discovery": ("feeds", "sitemaps", "sections", "articles"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One outlet's recipe."""

    #: Name of the source it is for: the file's name without `.toml`.
    name: str
    #: Sent with every request to the outlet; an operator's own cookies are among them.
    headers: tuple[tuple[str, str], ...] = ()
    #: Its pages are rendered by a browser before they are read.
    browser: bool = False
    #: CSS selectors by what they find.
    select: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    #: Listings that are watched besides those that are found.
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    #: Pattern of addresses that are articles; "" for the general rule.
    articles: str = ""


def load_recipes(home: Path) -> dict[str, Recipe]:
    """
    Read all recipes of a home, by source.

    Raises:
        SettingsError: one cannot be used; it says which file, key and why.
    """
    folder = home / RECIPES
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    recipes = [load_recipe(file) for file in files]
    return {one.name: one for one in recipes}


def recipe_file(home: Path, name: str) -> Path:
    """Return where the recipe of a source stands."""
    return home / RECIPES / f"{quote(name, safe=PLAIN)}.toml"


def load_recipe(file: Path, *, name: str = "") -> Recipe:
    """
    Read one recipe.

    Raises:
        SettingsError: it is no TOML, or a key or value in it cannot be used.
    """
    try:
        parsed = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(file), "", f"cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(file), "", f"is no valid TOML: {error}") from error
    _check_names(file, parsed)
    fetch, select, discovery = (parsed.get(section, {}) for section in SECTIONS)
    return Recipe(
        name=name or unquote(file.stem),
        headers=_headers(file, fetch),
        browser=_typed(file, "fetch.browser", fetch.get("browser", False), bool, "true or false"),
        select={key: _text(file, f"select.{key}", select[key]) for key in SELECTORS if key in select},
        remove=_texts(file, "select.remove", select.get("remove", [])),
        feeds=_addresses(file, "feeds", discovery),
        sitemaps=_addresses(file, "sitemaps", discovery),
        sections=_addresses(file, "sections", discovery),
        articles=_pattern(file, discovery.get("articles", "")),
    )


def _check_names(file: Path, parsed: Mapping[str, Any]) -> None:
    for section, values in parsed.items():
        if section not in SECTIONS:
            raise SettingsError(str(file), section, _unknown(section, SECTIONS))
        if not isinstance(values, dict):
            raise SettingsError(str(file), section, f"must be a section, written [{section}]")
        for key in values:
            if key not in SECTIONS[section]:
                raise SettingsError(str(file), f"{section}.{key}", _unknown(key, SECTIONS[section]))


def _unknown(name: str, known: Any) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    return f"no such key; did you mean `{near[0]}`?" if near else f"no such key; known are {', '.join(known)}"


def _headers(file: Path, fetch: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    headers = _table(file, "fetch.headers", fetch.get("headers", {}))
    for name in headers:
        if name.lower() in FIXED or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise SettingsError(str(file), f"fetch.headers.{name}", "cannot be set by a recipe")
    cookies = _table(file, "fetch.cookies", fetch.get("cookies", {}))
    if not cookies:
        return tuple(headers.items())
    return (*headers.items(), ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))


def _table(file: Path, key: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise SettingsError(str(file), key, f'must be a table like {{ name = "value" }}, not {value!r}')
    return {name: _text(file, f"{key}.{name}", one) for name, one in value.items()}


def _text(file: Path, key: str, value: Any) -> str:
    text: str = _typed(file, key, value, str, "a text")
    if "\n" in text or "\r" in text:
        raise SettingsError(str(file), key, "must be one line")
    return text


def _typed(file: Path, key: str, value: Any, wanted: type, words: str) -> Any:
    if not isinstance(value, wanted):
        raise SettingsError(str(file), key, f"must be {words}, not {value!r}")
    return value


def _texts(file: Path, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise SettingsError(str(file), key, f"must be a list of texts, not {value!r}")
    return tuple(_text(file, key, one) for one in value)


def _addresses(file: Path, key: str, discovery: Mapping[str, Any]) -> tuple[str, ...]:
    found = _texts(file, f"discovery.{key}", discovery.get(key, []))
    for one in found:
        if not one.startswith(("http://", "https://")):
            raise SettingsError(str(file), f"discovery.{key}", f"{one!r} is no http or https address")
    return found


def _pattern(file: Path, value: Any) -> str:
    pattern = _text(file, "discovery.articles", value)
    try:
        re.compile(pattern)
    except re.error as error:
        raise SettingsError(
            str(file), "discovery.articles", f"{pattern!r} is no pattern ({error})"
        ) from error
    return pattern
