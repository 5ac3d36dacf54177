"""A served archive: a real server on loopback over a real home, and a browser where there is one."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from lxml import html
from playwright.sync_api import Browser, sync_playwright

from alerts.desk import Desk
from archive.ingest import import_files
from archive.model import Disclosure
from archive.opening import Stores
from archive.reading import Archive, EditQuery
from lateedition.web import create_app
from tests.conftest import StillClock
from tests.lateedition.web.desk import set_desk
from tests.lateedition.web.press import Press, print_press, stores_in


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    #: Names in lower case; values of one name joined as HTTP joins them.
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def tree(self) -> html.HtmlElement:
        """The body as a parsed page."""
        return html.document_fromstring(self.body.decode())


@dataclass(frozen=True, slots=True)
class Site:
    """A served archive."""

    base: str
    host: str
    port: int
    archive: Archive

    def ask(self, target: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for exactly this target, without following where it leads."""
        connection = HTTPConnection(self.host, self.port, timeout=10)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, headers=sent)
            answer = connection.getresponse()
            pairs: dict[str, str] = {}
            for name, value in answer.getheaders():
                key = name.lower()
                pairs[key] = f"{pairs[key]}, {value}" if key in pairs else value
            return Answer(answer.status, pairs, answer.read())
        finally:
            connection.close()


@contextmanager
def served(stores: Stores, **options: Any) -> Iterator[Site]:
    """Serve a home on a free port of loopback while the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    archive = Archive(stores)
    app = create_app(archive, Desk(stores), **options)
    config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    host, port = listener.getsockname()
    try:
        yield Site(f"http://{host}:{port}", host, port, archive)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@dataclass(frozen=True, slots=True)
class Printed:
    """An archived press, and the clock that its home goes by."""

    home: Path
    press: Press
    clock: StillClock


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The press of `press.py`, imported into a home."""
    folder = tmp_path_factory.mktemp("web")
    press = print_press(folder / "press.warc.gz")
    clock = StillClock(press.at + timedelta(minutes=4))
    stores = stores_in(folder / "home", clock)
    try:
        report = import_files(stores, [folder / "press.warc.gz"], software="test")
        set_desk(stores, list(Archive(stores).edits(EditQuery(disclosures=(Disclosure.SILENT,)))))
    finally:
        stores.close()
    assert report.problems == []
    return Printed(folder / "home", press, clock)


@pytest.fixture(scope="session")
def site(printed: Printed) -> Iterator[Site]:
    """The press, served."""
    stores = stores_in(printed.home, printed.clock)
    with served(stores) as running:
        yield running
    stores.close()


@pytest.fixture
def serve(tmp_path: Path, printed: Printed) -> Iterator[Callable[..., Site]]:
    """Serve an empty home, or the press's with other options; ends with the test."""
    opened: list[Any] = []

    def start(*, empty: bool = False, **options: Any) -> Site:
        stores = stores_in(tmp_path / "empty" if empty else printed.home, printed.clock)
        running = served(stores, **options)
        opened.append((running, stores))
        return running.__enter__()

    yield start
    for running, stores in opened:
        running.__exit__(None, None, None)
        stores.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """
    A real browser; without one on this machine the tests that look at pages are skipped.

    It runs an event loop of its own for as long as it lives, beside which no other test could have one.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine; install it (Debian: chromium) to look at the pages")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
