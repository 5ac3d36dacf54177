"""The news desk's inbox: takes the webhooks that Late Edition sends, and shows them as a page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

__all__ = ["Alert", "Desk"]

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One event as it reached the desk."""

    kind: str
    severity: str
    disclosure: str
    headline: str
    summary: str
    first_seen_at: str
    confirmed_at: str
    #: Page of the difference.
    link: str


class Desk:
    """Receives alerts, each delivery once."""

    def __init__(self, on_alert: Callable[[Alert], None] = lambda _alert: None) -> None:
        self.alerts: list[Alert] = []
        self._on_alert = on_alert
        self._seen: set[str] = set()
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), trim_blocks=True
        )

    def application(self) -> web.Application:
        """Return the server's routes."""
        app = web.Application()
        app.router.add_post("/inbox", self._take)
        app.router.add_get("/", self._show)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        message = await request.json()
        delivery = request.headers.get("webhook-id", "")
        if delivery not in self._seen:
            # A retry comes under the same id, and is not news.
            self._seen.add(delivery)
            for event in message["data"]["events"]:
                alert = _alert(event)
                self.alerts.append(alert)
                self._on_alert(alert)
        return web.Response(status=204)

    async def _show(self, _request: web.Request) -> web.Response:
        html = self._templates.get_template("desk.html").render(alerts=list(reversed(self.alerts)))
        return web.Response(text=html, content_type="text/html")


def _alert(event: dict[str, Any]) -> Alert:
    return Alert(
        kind=event["kind"],
        severity=event["severity"] or "",
        disclosure=event["disclosure"],
        headline=event["headline"],
        summary=event["summary"],
        first_seen_at=event["first_seen_at"],
        confirmed_at=event["confirmed_at"],
        link=event["links"]["diff"],
    )
