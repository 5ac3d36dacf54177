"""The API holds to its own description, whatever is sent to it."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.lateedition.web.conftest import Site

LISTS = ("edits", "versions", "captures", "search", "sources")
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


def test_the_description_names_every_list(site: Site) -> None:
    """What the contract promises is described."""
    described = json.loads(site.ask("/api/v1/openapi.json").body)["paths"]

    assert {f"/api/v1/{name}" for name in LISTS} <= set(described)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", LISTS)
def test_whatever_is_sent_the_answer_is_described(site: Site, name: str) -> None:
    """No input brings a 5xx or an answer of another form than the description says."""
    schema = schemathesis.openapi.from_url(f"{site.base}/api/v1/openapi.json")
    cases = schema[f"/api/v1/{name}"]["GET"].as_strategy()

    @given(cases)
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case: Case) -> None:
        case.call_and_validate(checks=CHECKS, timeout=10)

    check()
