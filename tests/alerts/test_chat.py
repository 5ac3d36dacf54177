"""Chat: Apprise, held to the bounds of webhooks. An Apprise JSON target stands for all services."""

import json
from dataclasses import replace

import pytest

from alerts.channels import check_url, masked
from alerts.errors import ChannelUrlError
from alerts.message import Message
from alerts.transport import Transport
from archive.catalog.alerts import ChannelRow
from tests.alerts.conftest import Flood, an_event, answers, hangs, says
from tests.alerts.test_mail import a_message

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


async def send(settings, url: str, message: Message | None = None, *, patience: float = 8.0):
    """Send a message to a channel."""
    async with Transport(replace(settings, alerts_timeout=patience)) as transport:
        return await transport.send(ChannelRow(name="chat", url=url), message or a_message())


async def test_a_message_arrives_in_words(settings, receiver):
    """Title and text as a person reads them."""
    answer = await send(settings, f"json://127.0.0.1:{receiver.port}/chat")
    said = json.loads(receiver.calls[0].body)

    assert answer.is_taken
    assert said["title"] == "news.example: Council sets aside money for bridge 1"
    assert "[40 → 70] million" in said["message"]


async def test_a_message_of_many_events_stays_short(settings, receiver):
    """Three are told, and how many more there are; services cut at 2,000 letters."""
    events = [an_event(number) for number in range(40)]
    await send(settings, f"json://127.0.0.1:{receiver.port}/chat", a_message(*events))
    said = json.loads(receiver.calls[0].body)

    assert "and 37 more" in said["message"]
    assert len(said["message"]) <= 1900


async def test_a_redirect_is_not_followed(settings, receiver):
    """Apprise would go wherever it is sent."""
    receiver.behaves("chat", answers(says(302, f"Location: {receiver.url('secret')}\r\n")))
    answer = await send(settings, f"json://127.0.0.1:{receiver.port}/chat")

    assert not answer.is_taken
    assert answer.error == "the service answered 302"
    assert receiver.of("secret") == []


async def test_a_gigabyte_is_not_read(settings, receiver):
    """An answer is read to a bound."""
    flood = Flood()
    receiver.behaves("chat", flood)
    answer = await send(settings, f"json://127.0.0.1:{receiver.port}/chat")

    assert answer.is_taken
    assert flood.megabytes < 100


async def test_a_service_that_hangs_costs_the_timeout(settings, receiver):
    """And says so."""
    receiver.behaves("chat", hangs)
    answer = await send(settings, f"json://127.0.0.1:{receiver.port}/chat", patience=0.6)

    assert not answer.is_taken
    assert answer.error == "no answer within 0.6 s"


async def test_a_service_at_a_private_address_is_refused(settings, receiver):
    """Before anything is sent."""
    closed = replace(settings, allowed_private_networks=())
    answer = await send(closed, f"json://localhost:{receiver.port}/chat")

    assert answer.error.startswith("forbidden_address")
    assert receiver.calls == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("file:///etc/passwd", "is not sent to", id="file"),
        pytest.param("exec://rm", "is not sent to", id="exec"),
        pytest.param("slack://x", "Apprise cannot read", id="slack-without-token"),
        pytest.param("not a url", "is no address", id="no-address"),
        pytest.param("http://", "is no address", id="no-host"),
        pytest.param("http://[::1", "IPv6", id="broken-host"),
        pytest.param("http://desk.example:99999/", "Port", id="no-port"),
    ],
)
def test_an_address_that_cannot_be_a_channel_is_refused(url, said):
    """Only services that carry a message, and only addresses they can read."""
    with pytest.raises(ChannelUrlError, match=said):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://desk.example/hook", "https://desk.example/hook", id="plain"),
        pytest.param(
            "https://u:p@desk.example/hook?key=1", "https://***@desk.example/hook?***", id="password"
        ),
        pytest.param(
            "https://hooks.example/services/T0AB12CD34EF/x",
            "https://hooks.example/services/***/x",
            id="token",
        ),
        pytest.param("mailto://u:p@mail.example?to=a@b.c", "mailto://***@mail.example", id="mail"),
        pytest.param("tgram://123:abc/456", "tgram://***", id="chat"),
    ],
)
def test_secrets_are_masked(url, shown):
    """What is listed can be pasted into a bug report."""
    assert masked(url) == shown
