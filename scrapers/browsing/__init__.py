"""Rendering: what a browser makes of a page whose text its scripts fetch. Every byte it asks for goes through here."""

from scrapers.browsing.browser import Browser, BrowserLimits
from scrapers.browsing.chromium import BrowserMissingError, check_browser
from scrapers.browsing.gateway import Gateway
from scrapers.browsing.need import rendered_by

__all__ = ["Browser", "BrowserLimits", "BrowserMissingError", "Gateway", "check_browser", "rendered_by"]
