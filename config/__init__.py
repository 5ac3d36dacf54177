"""Settings and source definitions: declared once, read once, passed down as frozen values."""

from config.errors import SettingsError
from config.loading import SETTINGS_FILE, load_settings
from config.settings import DECLARED, Setting, Settings

__all__ = ["DECLARED", "SETTINGS_FILE", "Setting", "Settings", "SettingsError", "load_settings"]
