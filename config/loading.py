"""Reads the settings of a home: one TOML file, overridden by the environment."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from config.errors import SettingsError
from config.settings import DECLARED, SECTIONS, Setting, Settings

__all__ = ["SETTINGS_FILE", "load_settings"]

#: Name of the settings file in a home.
SETTINGS_FILE = "lateedition.toml"

#: Environment variables of the project that are no settings.
NOT_SETTINGS = frozenset({"LATEEDITION_HOME"})

BY_NAME = {row.name: row for row in DECLARED}
BY_VARIABLE = {row.variable: row for row in DECLARED}


def load_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """
    Read a home's settings.

    Raises:
        SettingsError: a key is unknown (with the nearest name), or a value is of the wrong type or range.
    """
    values: dict[str, Any] = {}
    file = home / SETTINGS_FILE
    for name, value in _in_file(file):
        if name not in BY_NAME:
            raise SettingsError(str(file), name, _unknown(name, BY_NAME))
        row = BY_NAME[name]
        values[row.attribute] = _checked(row, _typed(row, value, str(file)), str(file))
    for variable, text in environment.items():
        if not variable.startswith("LATEEDITION_") or variable in NOT_SETTINGS:
            continue
        if variable not in BY_VARIABLE:
            raise SettingsError("environment", variable, _unknown(variable, BY_VARIABLE))
        row = BY_VARIABLE[variable]
        values[row.attribute] = _checked(row, _parsed(row, text, variable), variable)
    return Settings(**values)


def _in_file(file: Path) -> Iterator[tuple[str, Any]]:
    try:
        parsed = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(file), "", f"cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(file), "", f"is no valid TOML: {error}") from error
    for key, value in parsed.items():
        if isinstance(value, dict) and key in SECTIONS:
            for inner, one in value.items():
                yield f"{key}.{inner}", one
        else:
            yield key, value


def _unknown(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(known)}"
    return f"no such setting; {hint}"


def _typed(row: Setting, value: Any, where: str) -> Any:
    """Return a TOML value as the declared type."""
    if row.type is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if row.type is tuple and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if type(value) is row.type:
        return value
    raise SettingsError(where, row.name, f"must be {_type_name(row)}, not {value!r}")


def _parsed(row: Setting, text: str, where: str) -> Any:
    """Return an environment variable's text as the declared type; lists are separated by commas."""
    try:
        if row.type is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return row.type(text)
    except ValueError as error:
        raise SettingsError(where, row.name, f"must be {_type_name(row)}, not {text!r}") from error


def _type_name(row: Setting) -> str:
    return {str: "a text", int: "a whole number", float: "a number", tuple: "a list of texts"}[row.type]


def _checked(row: Setting, value: Any, where: str) -> Any:
    wrong = row.check(value) if row.check else None
    if wrong:
        raise SettingsError(where, row.name, wrong)
    return value
