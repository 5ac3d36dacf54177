"""The receiver's code in the how-to is run against a real message."""

import base64
import re
from pathlib import Path

import pytest

from alerts.message import signature
from alerts.transport import Transport
from archive.catalog.alerts import ChannelRow
from tests.alerts.test_mail import a_message

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "be-told-of-edits.md"
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


@pytest.fixture
def is_true():
    """The function that readers copy."""
    [code] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    names: dict = {}
    exec(code, names)  # noqa: S102 - that is what readers do
    return names["is_true"]


async def test_what_readers_copy_takes_true_requests_and_refuses_others(
    is_true, settings, receiver, monkeypatch
):
    """A true request, a changed body, another secret, an old one."""
    monkeypatch.setenv("DESK_SECRET", SECRET)
    async with Transport(settings) as transport:
        channel = ChannelRow(name="desk", url=receiver.url(), secret_env="DESK_SECRET")
        await transport.send(channel, a_message())
    [call] = receiver.calls
    stamp = int(call.headers["webhook-timestamp"]) - 600
    old = call.headers | {
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature([SECRET], call.id, stamp, call.body),
    }

    assert is_true(SECRET, call.headers, call.body)
    assert not is_true(SECRET, call.headers, call.body + b" ")
    assert not is_true("whsec_" + base64.b64encode(b"x" * 24).decode(), call.headers, call.body)
    assert not is_true(SECRET, old, call.body)
