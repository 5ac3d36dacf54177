"""Placeholder."""


def enqueue(connection, events):
    """Placeholder."""
