"""Entity tags: what did not change is not sent twice."""

import pytest

from tests.lateedition.web.conftest import Site


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/edits",
        "/api/v1/search?q=-zzz",
        "/api/v1/openapi.json",
        "/feeds/edits.atom",
        "/feeds/edits.json",
    ],
)
def test_an_unchanged_answer_is_not_sent_again(site: Site, path: str) -> None:
    """The tag of the first answer makes the second a 304 without a body."""
    first = site.ask(path)
    again = site.ask(path, if_none_match=f'"other", {first.headers["etag"]}')

    assert first.status == 200
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["x-content-type-options"] == "nosniff"


def test_another_answer_has_another_tag(site: Site) -> None:
    """A tag of something else brings the whole answer."""
    tag = site.ask("/api/v1/captures").headers["etag"]
    answer = site.ask("/api/v1/edits", if_none_match=tag)

    assert answer.status == 200
    assert answer.body


def test_errors_have_no_tag(site: Site) -> None:
    """What failed is asked again."""
    assert "etag" not in site.ask("/api/v1/versions?url=https://nobody.example/").headers
