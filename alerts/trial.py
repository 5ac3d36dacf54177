"""A test message, so that a person sees a channel work before an edit needs it."""

import json
import uuid
from datetime import datetime
from time import time

from alerts.channels import is_webhook
from alerts.message import signature
from alerts.sender import Sender
from archive.reading.lines import iso
from config import Settings

__all__ = ["send_trial"]


async def send_trial(url: str, secret: str | None, settings: Settings, at: datetime) -> str:
    """Send a test message; returns what went wrong, or ""."""
    if not is_webhook(url):
        import apprise

        service = apprise.Apprise()
        taken = service.add(url) and service.notify(title="Late Edition", body="This is a test message.")
        return "" if taken else "the service did not take the message"
    body = json.dumps({"type": "test", "timestamp": iso(at), "data": {"rule": "test", "events": []}}).encode()
    delivery, stamp = uuid.uuid4().hex, int(time())
    headers = {"Content-Type": "application/json", "webhook-id": delivery, "webhook-timestamp": str(stamp)}
    if secret is not None:
        headers["webhook-signature"] = signature(secret, delivery, stamp, body)
    async with Sender(settings.allowed_private_networks, settings.alerts_timeout) as sender:
        return (await sender.post(url, body, headers)).error
