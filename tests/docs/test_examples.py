"""
Every console example of the documentation is run, in the order of its page, in a home of its own.

In examples the outlet is `https://news.example`; here that is a small outlet on loopback. Lines that end in
`# goes on` are commands that run until they are told to end.
"""

import re
import shlex
import signal
from pathlib import Path

import pytest

from tests.system.conftest import eventually, free_port, le, outlet  # noqa: F401 - fixtures
from tests.system.test_run import BODY

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
GOES_ON = "# goes on"

pytestmark = pytest.mark.timeout(180)


def examples(page: Path) -> list[str]:
    """Return the commands of a page, as typed."""
    text = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8"))).replace("\\\n", "")
    return [line.removeprefix("$ ").strip() for line in text.splitlines() if line.startswith("$ ")]


WITH_EXAMPLES = [page for page in PAGES if any(one.startswith("lateedition") for one in examples(page))]


def test_the_documentation_has_examples():
    """The pattern still finds them."""
    assert ROOT / "docs" / "first-steps.md" in WITH_EXAMPLES


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_work(page, le, outlet, tmp_path, monkeypatch):  # noqa: F811 - fixtures
    """Whoever types them gets no error."""
    monkeypatch.chdir(tmp_path)
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    front = f'<title>Outlet</title>{feed}<body><a href="{address}">Swing bridge to close</a></body>'
    outlet.pages["/"] = (200, f"<html>{front}</html>")
    for typed in examples(page):
        if not typed.startswith("lateedition"):
            continue
        words = shlex.split(typed.replace("https://news.example", outlet.address), comments=True)[1:]
        if typed.endswith(GOES_ON):
            _goes_on(le, [*words, "--port", str(free_port())])
            continue
        done = le(*words)
        assert done.code == 0, f"{typed}\n{done.err}"


def _goes_on(command, words: list[str]) -> None:
    process = command.start(*words)
    try:
        first = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=25)
    finally:
        process.kill()
    assert first, words
    assert process.returncode == 0, err
