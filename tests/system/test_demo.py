"""`demo`: a newspaper that changes, and the service that notices."""

import re
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.system.conftest import free_port

pytestmark = pytest.mark.timeout(120)


def test_the_first_silent_edit_is_told_and_nothing_is_left_behind(le):
    """An alert arrives by itself; Ctrl-C ends everything and takes the home away."""
    before = set(Path(tempfile.gettempdir()).glob("lateedition-demo-*"))
    process = le.start("demo", "--port", str(free_port()))
    told, alert = [], ""
    try:
        for line in process.stdout:
            told.append(line)
            if "ALERT" in line:
                alert = line
                break
        home = re.search(r"--home (\S+)", "".join(told))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()

    assert "Swing bridge" in alert
    assert "silent" in alert
    assert process.returncode == 0, err
    assert home is not None
    assert set(Path(tempfile.gettempdir()).glob("lateedition-demo-*")) == before
    assert subprocess.run(["pgrep", "-f", home[1]], capture_output=True).stdout == b""


def test_a_taken_port_is_said_before_anything_starts(le):
    """The line names the port and the way out."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = le("demo", "--port", str(taken.getsockname()[1]))

    assert done.code == 1
    assert "--port" in done.err
