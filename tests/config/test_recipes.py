"""Recipes: what they may say, and how a slip in one is told."""

from pathlib import Path

import pytest

from config import SettingsError, load_recipe, load_recipes, recipe_file

WHOLE = """
[fetch]
headers = { Accept-Language = "de" }
cookies = { edition = "north", seen = "1" }

[select]
headline = "h1.title"
body = "div.story p"
remove = [".advert"]

[discovery]
feeds = ["https://news.example/all.xml"]
articles = '/\\d{4}/'
"""


def test_a_recipe_is_read(tmp_path: Path):
    """Headers and cookies as they are sent, selectors by what they find."""
    file = tmp_path / "news.example.toml"
    file.write_text(WHOLE)

    recipe = load_recipe(file)

    assert recipe.name == "news.example"
    assert recipe.headers == (("Accept-Language", "de"), ("Cookie", "edition=north; seen=1"))
    assert (recipe.select["headline"], recipe.remove) == ("h1.title", (".advert",))
    assert (recipe.feeds, recipe.articles) == (("https://news.example/all.xml",), r"/\d{4}/")


@pytest.mark.parametrize("name", ["news.example", "127.0.0.1:8000", "a name/with a slash", "Zeitung für Öl"])
def test_any_source_can_have_one(tmp_path: Path, name: str):
    """The file's name leads back to the source's."""
    file = recipe_file(tmp_path, name)
    file.parent.mkdir(exist_ok=True)
    file.write_text("")

    assert list(load_recipes(tmp_path)) == [name]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[selct]", "did you mean `select`", id="a section misspelt"),
        pytest.param('[select]\nheadlin = "h1"', "did you mean `headline`", id="a key misspelt"),
        pytest.param("[select]\nheadline = 1", "must be a text", id="a number for a text"),
        pytest.param('[fetch]\nheaders = { User-Agent = "x" }', "cannot be set", id="our name"),
        pytest.param('[fetch]\nheaders = { "A B" = "x" }', "cannot be set", id="no header name"),
        pytest.param('[fetch]\nheaders = { A = "x\\r\\nB: y" }', "one line", id="a smuggled header"),
        pytest.param('[discovery]\nfeeds = ["all.xml"]', "no http", id="no address"),
        pytest.param("[discovery]\narticles = '('", "no pattern", id="no pattern"),
        pytest.param("select = 1", "written", id="no section"),
        pytest.param("x = ", "no valid TOML", id="no TOML"),
    ],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, text: str, says: str):
    """File, key and what to write instead, in one line."""
    file = tmp_path / "news.toml"
    file.write_text(text)

    with pytest.raises(SettingsError, match=says) as told:
        load_recipe(file)

    assert str(file) in str(told.value)


def test_a_home_without_recipes_has_none(tmp_path: Path):
    """No folder is no error."""
    assert load_recipes(tmp_path) == {}
