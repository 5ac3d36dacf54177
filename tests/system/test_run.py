"""`run`: the whole service in its process tree."""

import signal
import urllib.request

import pytest

from tests.system.conftest import eventually, taken_port

pytestmark = pytest.mark.timeout(90)

BODY = (
    "The harbour board met on Monday evening and decided that the swing bridge will close for repairs.",
    "The work will cost $42 million, of which the state has promised to pay half.",
    "About 6,300 vehicles cross the bridge each day, and lorries will have to take the valley road.",
)


def test_an_edit_is_seen_confirmed_shown_and_delivered(le, outlet, service):
    """From a URL of an outlet to an archived edit that somebody is told about."""
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    assert le("watch", outlet.address + "/feed.xml", "--name", "outlet").code == 0
    assert le("channels", "add", "desk", outlet.address + "/hook").code == 0
    assert le("rules", "add", "everything", "--to", "desk").code == 0
    running = service()
    eventually(lambda: le("captures", "--url", address, "--format", "jsonl").lines)

    outlet.publish(
        "swing-bridge-to-close", "Swing bridge to close", BODY[0], BODY[1].replace("42", "58"), BODY[2]
    )
    event = eventually(lambda: le("edits", "--format", "jsonl").lines)[0]
    page = running.get("/")[1]
    deliveries = eventually(lambda: le("alerts", "list", "--format", "jsonl").lines)
    code, said = running.end()

    assert (event["severity"], event["disclosure"], event["source"]) == ("material", "silent", "outlet")
    assert "58" in page
    assert deliveries[0]["events"] == [event["event"]]
    assert code == 0, said


def test_a_visit_that_hangs_does_not_hold_the_end(le, outlet, service):
    """SIGTERM ends the service in time, whatever an outlet does."""
    outlet.publish("a-story-that-never-comes", "A story that never comes", *BODY)
    outlet.hangs.add("/2026/07/19/a-story-that-never-comes")
    le("watch", outlet.address + "/feed.xml")
    running = service()
    eventually(lambda: "/2026/07/19/a-story-that-never-comes" in outlet.asked)

    code, said = running.end(signal.SIGINT)

    assert code == 0, said
    assert "Traceback" not in said


def test_a_reader_who_follows_the_edits_does_not_hold_the_end(service):
    """A connection that is kept open is ended, without a fuss."""
    running = service()
    with urllib.request.urlopen(running.address + "/feeds/edits.events", timeout=10) as answer:
        answer.readline()
        code, said = running.end()
        rest = answer.read()

    assert (code, rest.count(b"event: edit")) == (0, 0), said
    assert "Traceback" not in said
    assert "ERROR" not in said


def test_a_second_service_on_the_same_home_is_refused_with_the_pid_of_the_first(le, service):
    """Two writers would trample on each other."""
    running = service()
    with taken_port() as port:
        pass

    second = le("run", "--port", str(port))

    assert second.code == 1
    assert str(running.process.pid) in second.err
    assert running.end()[0] == 0


def test_a_child_that_dies_is_started_again(service):
    """The page comes back after its process was killed, and the crawl does not notice."""
    running = service()
    children = eventually(lambda: _children(running.process.pid, "serve"))

    _kill(children[0])
    eventually(lambda: [one for one in _children(running.process.pid, "serve") if one != children[0]])
    eventually(lambda: running.get("/")[0] == 200)

    assert running.end()[0] == 0


@pytest.mark.crash
@pytest.mark.timeout(280)
def test_twenty_kills_of_its_children_do_not_end_the_service(service):
    """Whatever child is there is killed, twenty times; the service goes on, and its page comes back."""
    running = service()
    killed: set[int] = set()
    while len(killed) < 20:
        victim = eventually(lambda: set(_children(running.process.pid, "")) - killed).pop()
        _kill(victim)
        killed.add(victim)

        assert running.process.poll() is None

    eventually(lambda: running.get("/")[0] == 200)

    assert running.end()[0] == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["told to end", "killed"])
def test_no_process_is_left_behind(service, how):
    """The children end with the service, also when it has no time to say so: the port is free for the next."""
    running = service()
    children = eventually(lambda: _children(running.process.pid, ""))

    running.end(how)

    eventually(lambda: not any(_command(one) for one in children))


def test_a_port_in_use_is_said(le):
    """The line says which port, and what to do."""
    with taken_port() as port:
        done = le("run", "--port", str(port))

    assert done.code == 1
    assert f"127.0.0.1:{port}" in done.err
    assert "--port" in done.err


def test_the_page_is_not_offered_to_other_machines(le):
    """Without tokens nobody beyond this machine may ask."""
    done = le("run", "--host", "0.0.0.0")

    assert done.code == 2
    assert "127.0.0.1" in done.err


def test_serve_shows_a_home_that_another_process_writes(le, outlet, service):
    """The web is a reader of its own."""
    running = service("serve")
    outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    le("watch", outlet.address + "/feed.xml")
    le("crawl", "--once")

    assert '"captures":1' in running.get("/readyz")[1].replace(" ", "")
    assert running.end()[0] == 0


def _children(pid: int, word: str) -> list[int]:
    from pathlib import Path

    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in listed if word in _command(int(one))]


def _command(pid: int) -> str:
    from pathlib import Path

    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _kill(pid: int) -> None:
    import os

    os.kill(pid, signal.SIGKILL)
