"""What an answer asks of archives is read from headers and meta elements, for all robots or for ours."""

import pytest

from archive.rights import rights_of


@pytest.mark.parametrize(
    ("headers", "page", "asked"),
    [
        pytest.param([("x-robots-tag", "noarchive")], b"", ("noarchive",), id="header"),
        pytest.param([("x-robots-tag", "googlebot: noarchive")], b"", (), id="another robot's header"),
        pytest.param([("x-robots-tag", "LateEdition: noindex, noarchive")], b"", ("noarchive",), id="our header"),
        pytest.param([("tdm-reservation", "1")], b"", ("tdm-reservation",), id="TDM header"),
        pytest.param([("tdm-reservation", "0")], b"", (), id="TDM not reserved"),
        pytest.param([], b'<meta name="robots" content="max-image-preview:large, NOARCHIVE">', ("noarchive",), id="meta"),
        pytest.param([], b"<meta content='noarchive' name=robots>", ("noarchive",), id="meta, the other way round"),
        pytest.param([], b'<meta name="googlebot" content="noarchive">', (), id="another robot's meta"),
        pytest.param([], b'<meta name="tdm-reservation" content="1">', ("tdm-reservation",), id="TDM meta"),
        pytest.param([], b"x" * 70_000 + b'<meta name="robots" content="noarchive">', (), id="beyond the head"),
        pytest.param([], b"<p>noarchive</p>", (), id="a word in the text"),
    ],
)  # fmt: skip
def test_what_is_asked_is_found(headers, page, asked):
    """Nothing more and nothing less."""
    assert rights_of(headers, page) == asked
