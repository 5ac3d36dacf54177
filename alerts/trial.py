"""A test message, so that a person sees a channel work before an edit needs it."""

import uuid
from datetime import datetime

from alerts.answer import Answer
from alerts.message import Message
from alerts.transport import Transport
from archive.catalog.alerts import ChannelRow
from config import Settings

__all__ = ["send_trial"]


async def send_trial(channel: ChannelRow, settings: Settings, at: datetime) -> Answer:
    """Send a test message and return how it was taken."""
    message = Message(
        delivery=uuid.uuid4().hex,
        rule="test",
        at=at,
        events=(),
        base_url="",
        notice=("Late Edition: a test", "This is a test message; the channel works."),
    )
    async with Transport(settings) as transport:
        return await transport.send(channel, message)
