"""Settings and source definitions: declared once, read once, passed down as frozen values."""

from config.errors import SettingsError
from config.loading import SETTINGS_FILE, load_settings
from config.recipes import RECIPES, Recipe, load_recipe, load_recipes, recipe_file
from config.settings import DECLARED, Setting, Settings

__all__ = [
    "DECLARED",
    "RECIPES",
    "SETTINGS_FILE",
    "Recipe",
    "Setting",
    "Settings",
    "SettingsError",
    "load_recipe",
    "load_recipes",
    "load_settings",
    "recipe_file",
]
