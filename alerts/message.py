"""What is sent: the webhook's body and signature, and the words for people."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import quote

from archive.model import Event
from archive.reading.lines import event_line, iso

__all__ = ["signature", "text_for_people", "webhook_body"]


def webhook_body(rule: str, events: list[Event], *, at: datetime, base_url: str) -> bytes:
    """Return the body of a webhook."""
    data = {
        "rule": rule,
        "events": [event_line(event) | {"links": _links(event, base_url)} for event in events],
    }
    body = {"type": "edits", "timestamp": iso(at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, delivery: str, timestamp: int, body: bytes) -> str:
    """
    Return the `webhook-signature` of Standard Webhooks, version 1.

    Args:
        secret: `whsec_` and base64.

    Raises:
        ValueError: the secret is not of that form.
    """
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        message = "the secret is not `whsec_` followed by base64"
        raise ValueError(message) from error
    signed = f"{delivery}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def text_for_people(rule: str, event: Event, base_url: str) -> tuple[str, str]:
    """Return title and text of a message: what changed, was it said, and where to look."""
    what = event.severity or event.kind
    title = f"{event.source}: {event.headline}"
    lines = [
        f"{what.capitalize()} {event.kind}, {event.disclosure}"
        if event.severity
        else event.kind.capitalize(),
        event.summary,
        *[f"Note {delta.change}: {delta.note.text}" for delta in event.notes],
        f"First seen {iso(event.first_seen_at)}",
        _links(event, base_url)["diff"],
        event.article,
        f"(rule: {rule})",
    ]
    return title, "\n".join(line for line in lines if line)


def _links(event: Event, base_url: str) -> dict[str, str]:
    page = f"{base_url}/article?url={quote(event.article, safe='')}"
    first, last = event.from_version or 1, event.to_version or 1
    return {
        "article": page,
        "diff": f"{page}&from={first}&to={last}",
        "before": f"{page}&from={first}&to={first}",
        "after": f"{page}&from={last}&to={last}",
    }
