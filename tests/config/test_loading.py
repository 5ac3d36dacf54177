"""Settings: one table, read once, every mistake named."""

from pathlib import Path

import pytest

from config import DECLARED, SETTINGS_FILE, Settings, SettingsError, load_settings


def written(home: Path, text: str) -> Path:
    """Write a settings file and return its home."""
    (home / SETTINGS_FILE).write_text(text)
    return home


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    """A new home needs no settings."""
    assert load_settings(tmp_path, {}) == Settings()


def test_file_and_environment_are_read(tmp_path: Path) -> None:
    """The environment overrides the file, section and key joined by `_`."""
    home = written(
        tmp_path, 'contact = "desk@paper.example"\n[politeness]\ndelay = 1\n[fetch]\ntimeout = 9\n'
    )

    settings = load_settings(home, {"LATEEDITION_FETCH_TIMEOUT": "4.5", "LATEEDITION_HOME": "x", "PATH": "y"})

    assert (
        settings.contact,
        settings.politeness_delay,
        settings.fetch_timeout,
    ) == ("desk@paper.example", 1.0, 4.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[politeness]\ndelya = 1", "did you mean `politeness.delay`", id="misspelt"),
        pytest.param("[politeness]\ndelay = 'five'", "must be a number", id="wrong type"),
        pytest.param("[politeness]\ndelay = -1", "must not be negative", id="out of range"),
        pytest.param('allowed_private_networks = ["127.8.0.0/99"]', "write networks as", id="no network"),
        pytest.param('[alerts]\ntimezone = "Mars/Olympus"', "no time zone", id="no zone"),
        pytest.param("contact =", "no valid TOML", id="no TOML"),
        pytest.param("[nonsense]\na = 1", "no such setting", id="unknown section"),
    ],
)
def test_a_mistake_names_file_key_and_cure(tmp_path: Path, text: str, said: str) -> None:
    """Whatever is wrong, the message says where and what to do."""
    with pytest.raises(SettingsError, match=SETTINGS_FILE) as caught:
        load_settings(written(tmp_path, text), {})

    assert said in str(caught.value)


def test_an_unknown_variable_is_refused() -> None:
    """A typo in the environment is as wrong as one in the file."""
    with pytest.raises(SettingsError, match="LATEEDITION_FETCH_TIMEOUT"):
        load_settings(Path("/nowhere"), {"LATEEDITION_FETCH_TIMOUT": "3"})


def test_every_setting_says_what_it_is_for() -> None:
    """The table is complete: a sentence for each setting."""
    assert [row.name for row in DECLARED if not row.help.endswith(".")] == []
