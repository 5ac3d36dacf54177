"""Finds the Chromium of this machine and says how it is started: no way out but ours, no more than its share."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

__all__ = ["BrowserMissingError", "check_browser", "find_chromium", "launch_arguments"]

#: What Chromium and its kin are called, the freest first.
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable")
#: Megabytes of one page's script memory.
HEAP = 512


class BrowserMissingError(Exception):
    """Pages cannot be rendered here; its text says what to install or set."""


def check_browser(setting: str) -> None:
    """
    Make sure that pages can be rendered.

    Raises:
        BrowserMissingError: the extra or a Chromium is missing.
    """
    if find_spec("playwright") is None:
        message = "`browser = true` needs an extra; run `pip install 'lateedition[browser]'`"
        raise BrowserMissingError(message)
    find_chromium(setting)


def find_chromium(setting: str) -> str:
    """
    Return the browser's path: the operator's, or the first that the machine has.

    Raises:
        BrowserMissingError: there is none.
    """
    if setting:
        if not Path(setting).is_file() or not os.access(setting, os.X_OK):
            message = f"[fetch] browser: {setting} is no program that can be started"
            raise BrowserMissingError(message)
        return setting
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium was found; install one (`apt install chromium`) or name it in [fetch] browser"
        raise BrowserMissingError(message)
    return found


def launch_arguments() -> list[str]:
    """Return what keeps a browser from looking up names, connecting, or asking home by itself."""
    return [
        # The gateway looks names up, and checks where they lead; loopback goes through it as well.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--proxy-bypass-list=<-loopback>",
        "--disable-quic",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-pings",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--js-flags=--max-old-space-size={HEAP}",
    ]
