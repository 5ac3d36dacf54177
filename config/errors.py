"""
What can go wrong with settings and source definitions.

    SettingsError (ValueError)     a setting is unknown, of the wrong type or out of its range
"""

__all__ = ["SettingsError"]


class SettingsError(ValueError):
    """
    A setting cannot be used.

    Attributes:
        where: the file or environment variable that holds it.
        key: the setting's dotted name, or "" when the file as a whole is at fault.
    """

    def __init__(self, where: str, key: str, problem: str) -> None:
        self.where = where
        self.key = key
        super().__init__(f"{where}: {key + ': ' if key else ''}{problem}")
