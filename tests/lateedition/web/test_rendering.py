"""A memento of a page that a browser was needed for: the document for reading, the bytes that were sent for checking."""

from pathlib import Path

from tests.archive.ingest.test_rendering import DAY, SHELL
from tests.archive.paper import STORY, opened, record
from tests.lateedition.web.conftest import served


def test_what_was_rendered_is_read_and_what_was_sent_is_given(tmp_path: Path) -> None:
    """Without its scripts the shell would be an empty page; `id_` gives it as it came."""
    stores = opened(tmp_path / "home")
    record(stores, DAY)
    with served(stores) as site:
        first = site.ask(f"/web/20180719100000/{STORY}")
        last = site.ask(f"/web/20180719140000/{STORY}")
        sent = site.ask(f"/web/20180719140000id_/{STORY}")
    stores.close()

    assert "Nine people speak at the town hall" in first.text
    assert "Ten people speak at the town hall" in last.text
    assert "<script" not in last.text
    assert sent.body == SHELL
