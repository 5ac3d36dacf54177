"""The command line as a user has it: a child process, a home of its own, a small outlet on loopback."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import TypeVar

import pytest

T = TypeVar("T")

#: Seconds that anything is waited for at most; nothing waits for a fixed time.
PATIENCE = 30.0


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict]:
        """Return its JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class CommandLine:
    """`lateedition` over one home."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str) -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            self.argv(*arguments), capture_output=True, text=True, env=self._env(), timeout=120, check=False
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and let it run."""
        return subprocess.Popen(
            self.argv(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self._env()
        )

    def argv(self, *arguments: str) -> list[str]:
        """Return how the command is called."""
        return [sys.executable, "-m", "lateedition", "--home", str(self.home), *arguments]

    def settle(self, text: str) -> None:
        """Write the home's settings."""
        self.home.mkdir(exist_ok=True)
        (self.home / "lateedition.toml").write_text(text)

    def _env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LATEEDITION_")}
        return kept | {"TZ": "UTC", "COLUMNS": "100"} | self.environment


@pytest.fixture
def le(tmp_path: Path) -> CommandLine:
    """The command over an empty home that may contact loopback, politely enough for a test."""
    command = CommandLine(tmp_path / "home")
    command.settle(
        'contact = "tests@example.org"\nallowed_private_networks = ["127.0.0.0/8"]\n'
        "[politeness]\ndelay = 0\n[revisit]\nfixed_interval = 0.2\n[discovery]\ninterval = 0.2\n"
    )
    return command


@dataclass
class Outlet:
    """A web site whose pages a test may change while it is served."""

    address: str
    #: Path → (status, body).
    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: Paths that never answer while this is not set.
    patience: threading.Event = field(default_factory=threading.Event)
    hangs: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def publish(self, slug: str, headline: str, *paragraphs: str) -> str:
        """Put an article on the site and into its feed; return its address."""
        path = f"/2026/07/19/{slug}"
        body = "".join(f"<p>{one}</p>" for one in paragraphs)
        head = f'<title>{headline}</title><meta property="og:type" content="article">'
        page = f"<html lang=en><head>{head}</head><body><article><h1>{headline}</h1>{body}</article></body></html>"
        self.pages[path] = (200, page)
        paths = [one for one in self.pages if one.startswith("/2026/")]
        items = "".join(f"<item><title>x</title><link>{self.address}{one}</link></item>" for one in paths)
        self.pages["/feed.xml"] = (
            200,
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet</title>{items}</channel></rss>',
        )
        return self.address + path


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    """A small outlet on loopback."""
    with serving() as site:
        yield site


@contextmanager
def serving() -> Iterator[Outlet]:
    """Serve a small outlet on loopback while the block runs."""
    site = Outlet("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            if self.path in site.hangs:
                site.patience.wait(PATIENCE)
            status, body = site.pages.get(self.path, (404, "<h1>Not found</h1>"))
            data = body.encode()
            kind = "application/rss+xml" if self.path.endswith(".xml") else "text/html; charset=utf-8"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield site
    site.patience.set()
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Running:
    """A service that was started, and where it is reached."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a path; (0, "") while nobody answers."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Tell it to end; return its exit code and what it said."""
        self.process.send_signal(how)
        _, err = self.process.communicate(timeout=20)
        return self.process.returncode, err


@pytest.fixture
def service(le: CommandLine) -> Iterator[Callable[..., Running]]:
    """Start `run` (or another command that serves) and wait until it answers; killed if a test forgets it."""
    started: list[subprocess.Popen[str]] = []

    def start(command: str = "run") -> Running:
        port = free_port()
        process = le.start(command, "--port", str(port))
        started.append(process)
        running = Running(process, f"http://127.0.0.1:{port}")
        eventually(lambda: process.poll() is not None or running.get("/")[0] == 200)
        return running

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def eventually(look: Callable[[], T]) -> T:
    """Look until something is there, and return it."""
    end = monotonic() + PATIENCE
    pause = threading.Event()
    while not (found := look()):
        if monotonic() > end:
            pytest.fail(f"did not happen within {PATIENCE:g} s")
        pause.wait(0.05)
    return found


@contextmanager
def taken_port() -> Iterator[int]:
    """Hold a port while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield int(taken.getsockname()[1])
