"""
Sends mail: text and HTML, threaded by article, to every recipient that the server takes.

The server's address is checked like those of webhooks. `smtplib` blocks, so the caller gives it a thread; when
the time is over the connection is shut from outside, which ends whatever the thread waits for.
"""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from alerts.answer import Answer
from alerts.mailbox import Mailbox, Security
from alerts.message import Message
from alerts.wording import title_of, told_in_html, told_in_text
from archive.addresses import AddressGuard
from archive.digests import derived_id

__all__ = ["Post", "mail_of"]


def mail_of(message: Message, box: Mailbox) -> EmailMessage:
    """Return a message as a mail."""
    host = box.sender.rpartition("@")[2]
    mail = EmailMessage()
    mail["Subject"] = _line(title_of(message))[:200]
    mail["From"] = formataddr((_line(box.name), box.sender))
    mail["To"] = ", ".join(box.to)
    if box.cc:
        mail["Cc"] = ", ".join(box.cc)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.delivery}@{host}>"
    articles = list(dict.fromkeys(one.event.article for one in message.events))
    if len(articles) == 1:
        # Nobody ever got the first mail of the thread: clients gather what refers to the same one.
        thread = f"<article-{derived_id('thread', articles[0])}@{host}>"
        mail["In-Reply-To"] = thread
        mail["References"] = thread
    label = "".join(one if one.isascii() and one.isalnum() else "-" for one in message.rule)[:60]
    mail["List-Id"] = f"<{label.strip('-') or 'alerts'}.lateedition.{host}>"
    mail["List-Unsubscribe"] = f"<mailto:{box.sender}?subject=unsubscribe%20{label}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(told_in_text(message))
    mail.add_alternative(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"></head><body>{told_in_html(message)}</body></html>',
        subtype="html",
    )
    return mail


def _line(text: str) -> str:
    """Return a text that can stand in a header."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


@dataclass(slots=True)
class Post:
    """One mail on its way; `send` blocks, `abort` ends it from another thread."""

    guard: AddressGuard
    timeout: float
    _socket: socket.socket | None = None
    _is_over: bool = False

    def send(self, mail: EmailMessage, box: Mailbox) -> Answer:
        """Send one mail; never raises."""
        try:
            with self._server(box) as server:
                if box.security is Security.STARTTLS:
                    server.starttls(context=ssl.create_default_context())
                if box.user and box.password:
                    server.login(box.user, box.password)
                refused = server.send_message(mail, from_addr=box.sender, to_addrs=[*box.to, *box.cc])
        except smtplib.SMTPRecipientsRefused as error:
            return Answer(is_taken=False, error=f"refused for everybody: {_refusals(error.recipients)}")
        except smtplib.SMTPResponseException as error:
            said = _text(error.smtp_error)
            return Answer(
                is_taken=False, status=error.smtp_code, error=f"the server said {error.smtp_code} {said}"
            )
        except (smtplib.SMTPException, OSError, ValueError) as error:
            is_over = self._is_over or isinstance(error, TimeoutError) or "timed out" in str(error)
            over = f"no answer within {self.timeout:g} s" if is_over else ""
            return Answer(is_taken=False, error=over or str(error) or type(error).__name__)
        remark = (
            f"refused for {len(refused)} of {len(box.to) + len(box.cc)}: {_refusals(refused)}"
            if refused
            else ""
        )
        return Answer(is_taken=True, status=250, error=remark)

    def abort(self) -> None:
        """End the exchange."""
        self._is_over = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _server(self, box: Mailbox) -> smtplib.SMTP:
        post = self

        class Plain(smtplib.SMTP):
            def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - the library's signature
                return post.connect(host, port)

        class Wrapped(smtplib.SMTP_SSL):
            def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - the library's signature
                plain = post.connect(host, port)
                return self.context.wrap_socket(plain, server_hostname=host)

        if box.security is Security.TLS:
            return Wrapped(box.host, box.port, timeout=self.timeout, context=ssl.create_default_context())
        return Plain(box.host, box.port, timeout=self.timeout)

    def connect(self, host: str, port: int) -> socket.socket:
        """Open a connection to the first of a host's addresses that may be contacted and answers."""
        failure: OSError = OSError(f"{host}: has no address")
        for family, kind, protocol, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not self.guard.allows(str(place[0])):
                failure = OSError(f"forbidden_address: it leads to {place[0]}")
                continue
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(self.timeout)
            self._socket = opened
            try:
                opened.connect(place)
            except OSError as error:
                opened.close()
                failure = error
                continue
            return opened
        raise failure


def _refusals(refused: dict[str, Any]) -> str:
    return "; ".join(f"{who} ({code} {_text(said)})" for who, (code, said) in list(refused.items())[:3])


def _text(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:200].replace("\n", " ")
