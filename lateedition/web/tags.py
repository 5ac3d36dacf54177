"""Entity tags for the API and the feeds: a reader who asks again for what did not change is sent nothing."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Tagged"]

#: Addresses whose answers are small and asked for again and again.
PATHS = ("/api/v1/", "/feeds/")
#: What never ends has no tag.
ENDLESS = "text/event-stream"


class Tagged:
    """Gives answers to GET and HEAD an `ETag` made of their bytes, and answers `If-None-Match` with 304."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; other addresses and methods pass through."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PATHS):
            await self._app(scope, receive, send)
            return
        answer = _Answer(Headers(scope=scope).get("if-none-match", ""), send)
        await self._app(scope, receive, answer.take)


class _Answer:
    """Holds an answer back until its tag is known."""

    def __init__(self, known: str, send: Send) -> None:
        self._known = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        self._send = send
        self._start: Message = {}
        self._body = bytearray()
        self._is_endless = False

    async def take(self, message: Message) -> None:
        """Take a part of the answer; send all of it after the last."""
        if message["type"] == "http.response.start":
            self._start = message
            self._is_endless = Headers(raw=message["headers"]).get("content-type", "").startswith(ENDLESS)
        if self._is_endless:
            await self._send(message)
            return
        if message["type"] == "http.response.start":
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = bytes(self._body)
        if self._start["status"] == 200:
            body = self._tagged(body)
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})

    def _tagged(self, body: bytes) -> bytes:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = MutableHeaders(scope=self._start)
        headers["etag"] = tag
        headers.setdefault("cache-control", "no-cache")
        if tag not in self._known and "*" not in self._known:
            return body
        self._start["status"] = 304
        # RFC 9110 §15.4.5: no content; a length would be that of the answer that is not sent.
        for name in ("content-length", "content-type"):
            del headers[name]
        return b""
