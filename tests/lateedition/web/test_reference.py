"""The reference of the page names every address that is answered, and every filter."""

import re
from pathlib import Path

from fastapi.routing import APIRoute

from lateedition.web.api import router as api
from lateedition.web.article import router as article
from lateedition.web.cdx import FIELDS
from lateedition.web.cdx import router as cdx
from lateedition.web.feeds import router as feeds
from lateedition.web.pages import router as pages
from lateedition.web.picture import router as picture
from lateedition.web.queries import EditFilters
from lateedition.web.stream import router as stream
from lateedition.web.viewer import router as viewer

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "web.md").read_text()


def test_every_address_is_in_the_reference() -> None:
    """What is answered is written down, and what is written down is answered."""
    routers = (pages, article, viewer, api, feeds, stream, picture, cdx)
    answered = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    answered |= {"/api/v1/openapi.json", "/healthz", "/readyz", "/metrics"}
    written = {one for one in re.findall(r"`(/[^`?]*)[^`]*`", REFERENCE) if not one.startswith("/web/")}

    assert written == answered


def test_every_filter_is_in_the_reference() -> None:
    """Each filter of edits has a line."""
    written = set(re.findall(r"`(\w+)(?:=true)?`", REFERENCE))

    assert set(EditFilters.model_fields) <= written
    assert " ".join(FIELDS) in REFERENCE
