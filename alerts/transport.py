"""Sends one message to one channel, of whatever kind."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import time

from alerts.answer import Answer
from alerts.channels import Kind, filled, kind_of, secrets_of
from alerts.chat import send_chat
from alerts.mail import Post, mail_of
from alerts.mailbox import mailbox_of
from alerts.message import Message, signature, webhook_body
from alerts.sender import Sender
from archive.addresses import AddressGuard
from archive.catalog.alerts import ChannelRow
from config import Settings

__all__ = ["Transport"]

#: Threads for what blocks: mail and chat.
THREADS = 16


class Transport:
    """Sends; use as an async context manager."""

    def __init__(self, settings: Settings) -> None:
        self._timeout = settings.alerts_timeout
        self._guard = AddressGuard(settings.allowed_private_networks)
        self._sender = Sender(settings.allowed_private_networks, settings.alerts_timeout)
        self._threads = ThreadPoolExecutor(THREADS, "send")

    async def __aenter__(self) -> "Transport":
        """Open connections."""
        await self._sender.__aenter__()
        return self

    async def __aexit__(self, *about: object) -> None:
        """Close connections; a thread that a service keeps is left to end by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._sender.__aexit__(*about)

    async def send(self, channel: ChannelRow, message: Message) -> Answer:
        """Send one message, within the timeout."""
        try:
            url = filled(channel.url)
            match kind_of(url):
                case Kind.WEBHOOK:
                    return await self._post(url, channel, message)
                case Kind.MAIL:
                    return await self._mail(url, message)
                case Kind.CHAT:
                    work = partial(send_chat, url, message, self._guard, self._timeout)
                    return await self._blocking(work, lambda: None)
        except LookupError as error:
            return Answer(is_taken=False, error=str(error.args[0]))

    async def _post(self, url: str, channel: ChannelRow, message: Message) -> Answer:
        body, stamp = webhook_body(message), int(time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "LateEdition",
            "webhook-id": message.delivery,
            "webhook-timestamp": str(stamp),
        }
        secrets = secrets_of(channel.secret_env)
        if secrets:
            try:
                headers["webhook-signature"] = signature(secrets, message.delivery, stamp, body)
            except ValueError as error:
                return Answer(is_taken=False, error=str(error))
        return await self._sender.post(url, body, headers)

    async def _mail(self, url: str, message: Message) -> Answer:
        box = mailbox_of(url)
        post = Post(self._guard, self._timeout)
        return await self._blocking(partial(post.send, mail_of(message, box), box), post.abort)

    async def _blocking(self, work: Callable[[], Answer], abort: Callable[[], None]) -> Answer:
        """Do blocking work in a thread; when the time is over it is aborted and given a moment to say so."""
        task = asyncio.get_running_loop().run_in_executor(self._threads, work)
        done, _ = await asyncio.wait({task}, timeout=self._timeout)
        if not done:
            abort()
            done, _ = await asyncio.wait({task}, timeout=1.0)
        if not done:
            return Answer(is_taken=False, error=f"no answer within {self._timeout:g} s")
        return task.result()
