"""`capture`: addresses at once, whatever is due."""

import pytest

from tests.system.test_run import BODY

pytestmark = pytest.mark.timeout(60)


def test_addresses_are_archived_at_once(le, outlet):
    """What was asked for is durable when the command ends."""
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)

    done = le("capture", address, "--format", "jsonl")

    assert done.code == 0, done.err
    assert done.lines[0]["verdict"] == "first"
    assert [one["requested_uri"] for one in le("captures", "--format", "jsonl").lines] == [address]


def test_it_works_while_the_service_runs(le, outlet, service):
    """A researcher need not wait for the crawl."""
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)
    running = service()

    done = le("capture", address)

    assert done.code == 0, done.err
    assert running.end()[0] == 0
    assert le("verify", "--format", "json").lines[0]["ok"] is True


def test_one_bad_address_does_not_stop_the_others(le, outlet):
    """Each failure is one line with its reason; the exit code says that not all was done."""
    address = outlet.publish("swing-bridge-to-close", "Swing bridge to close", *BODY)

    done = le("capture", "ftp://news.example/x", "http://10.1.2.3/story", address, "--format", "jsonl")

    assert done.code == 1
    assert [one["problem"] for one in done.lines] == ["bad_url", "forbidden_address", None]
    assert done.err.count("\n") == 2
    assert "Traceback" not in done.err
