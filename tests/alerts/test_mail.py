"""Mail: to a real SMTP server on loopback, whatever it does."""

import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from alerts.answer import Answer
from alerts.errors import ChannelUrlError
from alerts.mailbox import Security, mailbox_of
from alerts.message import Links, Message, Told
from alerts.transport import Transport
from archive.catalog.alerts import ChannelRow
from archive.digests import derived_id
from tests.alerts.conftest import NOON, an_event

LINKS = Links(
    article="http://127.0.0.1:8765/article?url=x",
    diff="http://127.0.0.1:8765/article?url=x&from=1&to=2",
    before="http://127.0.0.1:8765/web/20260719115800/https://news.example/x",
    after="http://127.0.0.1:8765/web/20260719120000/https://news.example/x",
)


def a_message(*events, **other) -> Message:
    """Return a message about events, one edit unless said."""
    told = tuple(Told(event=one, links=LINKS, age=timedelta(hours=2)) for one in events or (an_event(),))
    values = {
        "delivery": derived_id("delivery", "1"),
        "rule": "money",
        "at": NOON,
        "events": told,
        "base_url": "http://127.0.0.1:8765",
    }
    return Message(**(values | other))


@dataclass
class Box:
    """What a mail server got, and whom it refuses."""

    refuses: set[str] = field(default_factory=set)
    #: The answer to the mail itself.
    says: str = "250 ok"
    got: list[tuple[list[str], bytes]] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the library's name
        """Take or refuse a recipient."""
        if address in self.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        """Take a mail."""
        if self.says.startswith("250"):
            self.got.append((envelope.rcpt_tos, envelope.content))
        return self.says

    def only(self):
        """Return the only mail there is."""
        [(_, content)] = self.got
        return email.message_from_bytes(content, policy=email.policy.default)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def box() -> Iterator[Box]:
    """A mail server."""
    found = Box(port=_free_port())

    def authenticate(_server, _session, _envelope, _mechanism, data):
        found.users.append(data.login)
        return AuthResult(success=data.password == b"s p%cret", handled=False)

    controller = Controller(
        found, hostname="127.0.0.1", port=found.port, authenticator=authenticate, auth_require_tls=False
    )
    controller.start()
    yield found
    controller.stop()


async def send(settings, url: str, message: Message | None = None, *, patience: float = 8.0) -> Answer:
    """Send a message to a channel."""
    async with Transport(replace(settings, alerts_timeout=patience)) as transport:
        return await transport.send(ChannelRow(name="post", url=url), message or a_message())


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_a_mail_says_what_changed_and_where_to_look(settings, box):
    """Text and HTML: headline, the words before and after, disclosure, links; and what mail programs need."""
    answer = await send(
        settings, f"mailto://127.0.0.1:{box.port}?from=desk@paper.example&to=editor@paper.example"
    )
    mail = box.only()
    text = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()

    assert answer.is_taken
    assert mail["Subject"] == "news.example: Council sets aside money for bridge 1"
    assert "[40 → 70] million" in text
    assert "Material edit, silent: no note says so" in text
    assert LINKS.before in text
    assert "<del>40</del>" in page
    assert LINKS.diff.replace("&", "&amp;") in page
    assert mail["Message-ID"] == f"<{derived_id('delivery', '1')}@paper.example>"
    assert mail["List-Unsubscribe"] == "<mailto:desk@paper.example?subject=unsubscribe%20money>"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_mails_about_an_article_share_a_thread(settings, box):
    """Programs gather what refers to the same mail."""
    url = f"mailto://127.0.0.1:{box.port}?from=desk@paper.example&to=editor@paper.example"
    article = "https://news.example/a"
    for number in (1, 2):
        await send(settings, url, a_message(an_event(number, article=article), delivery=f"{number:032x}"))
    await send(settings, url, a_message(an_event(3)))
    first, second, third = (email.message_from_bytes(content) for _, content in box.got)

    assert first["References"] == second["References"] != third["References"]
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_one_recipient_of_three_that_is_refused_does_not_keep_the_others_waiting(settings, box):
    """It is sent, and the row says who did not get it."""
    box.refuses = {"b@paper.example"}
    to = "a@paper.example,b@paper.example,c@paper.example"
    answer = await send(settings, f"mailto://127.0.0.1:{box.port}?from=desk@paper.example&to={to}")

    assert answer.is_taken
    assert "refused for 1 of 3: b@paper.example (550 no such user)" in answer.error
    assert box.got[0][0] == ["a@paper.example", "c@paper.example"]


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_what_the_server_refuses_is_said(settings, box):
    """All recipients, the mail itself, or the password."""
    url = f"mailto://127.0.0.1:{box.port}?from=desk@paper.example&to=a@paper.example"
    box.says = "554 looks like spam"
    spam = await send(settings, url)
    box.refuses = {"a@paper.example"}
    nobody = await send(settings, url)
    wrong = await send(settings, url.replace("127.0.0.1", "user:wrong@127.0.0.1"))

    assert (spam.is_taken, spam.status) == (False, 554)
    assert "refused for everybody" in nobody.error
    assert not wrong.is_taken
    assert "535" in wrong.error
    assert "wrong" not in wrong.error


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_a_password_comes_from_the_environment(settings, box, monkeypatch):
    """The channel's address names the variable; special characters survive."""
    monkeypatch.setenv("SMTP_PASSWORD", "s p%cret")
    url = f"mailto://desk:${{SMTP_PASSWORD}}@127.0.0.1:{box.port}?from=desk@paper.example&to=a@paper.example"
    taken = await send(settings, url)
    monkeypatch.delenv("SMTP_PASSWORD")
    unset = await send(settings, url)

    assert taken.is_taken
    assert box.users == [b"desk"]
    assert unset.error == "the environment variable SMTP_PASSWORD is not set; nothing is sent without it"


@pytest.mark.parametrize("speaks", [b"", b"220-and so on\r\n"], ids=["silent", "never-ends"])
async def test_a_server_that_hangs_costs_the_timeout(settings, speaks):
    """Silent, or with a greeting that never ends: it is over after half a second."""
    over = threading.Event()

    def serve(listener):
        opened, _ = listener.accept()
        with opened:
            while not over.wait(0.02):
                try:
                    opened.sendall(speaks)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        answer = await send(
            settings, f"mailto://127.0.0.1:{port}?from=a@paper.example&to=b@paper.example", patience=0.5
        )
        over.set()
        thread.join(5)

    assert answer.error == "no answer within 0.5 s"


async def test_a_mail_server_at_a_private_address_is_refused(settings):
    """The guard of fetching holds for mail too."""
    closed = replace(settings, allowed_private_networks=())
    answer = await send(closed, "mailto://localhost:2525?from=a@paper.example&to=b@paper.example")

    assert "forbidden_address" in answer.error


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
async def test_a_headline_cannot_forge_headers_or_markup(settings, box):
    """What an outlet writes stays text."""
    event = an_event(headline="A\r\nBcc: all@paper.example\r\n\r\n<script>alert(1)</script>")
    url = f"mailto://127.0.0.1:{box.port}?from=desk@paper.example&to=editor@paper.example"
    answer = await send(settings, url, a_message(event))

    assert answer.is_taken
    assert box.only()["Bcc"] is None
    assert "<script>" not in box.only().get_body(("html",)).get_content()


def test_an_address_of_a_mail_channel():
    """Every part has its place, and a default."""
    box = mailbox_of("mailtos://me%40x.example:p%20w@mail.x.example?to=a@y.example,b@y.example&name=Desk")

    assert (box.host, box.port, box.security) == ("mail.x.example", 587, Security.STARTTLS)
    assert (box.user, box.password, box.sender) == ("me@x.example", "p w", "me@x.example")
    assert (box.to, box.name) == (("a@y.example", "b@y.example"), "Desk")
    assert "p w" not in repr(box)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mailto://", id="no-host"),
        pytest.param("mailto://mail.x.example", id="nobody"),
        pytest.param("mailto://mail.x.example?to=editor", id="no-address"),
        pytest.param("mailto://u:p@mail.x.example?to=a@b.example&mode=magic", id="unknown-mode"),
        pytest.param("mailto://u:p@mail.x.example?to=a@b.example%0d%0aBcc:x@y.z", id="line-break"),
    ],
)
def test_a_mail_address_that_cannot_work_is_refused(url):
    """When the channel is added, with the form to write; the password is not repeated."""
    with pytest.raises(ChannelUrlError) as caught:
        mailbox_of(url)

    assert "u:p" not in str(caught.value)
