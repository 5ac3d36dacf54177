"""A real Chromium on loopback, where this machine has one."""

import pytest

from scrapers.browsing import BrowserMissingError, check_browser


@pytest.fixture
def chromium() -> None:
    """Skip, with a reason, where nothing can render."""
    try:
        check_browser("")
    except BrowserMissingError as error:
        pytest.skip(str(error))
