"""The ledger over the catalogue: whatever the order in which captures come, it is the same."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from archive.catalog import captures, ledger
from archive.catalog.sqlite import SqliteCatalogue
from archive.ingest.facts import CaptureFacts
from archive.model import Verdict
from tests.archive.ingest.outlet import PARAGRAPHS, Outlet, add_source, catalogue, facts, page

OTHER = page(PARAGRAPHS[0].replace("23", "32"), *PARAGRAPHS[1:])
NOTED = page(
    PARAGRAPHS[0].replace("23", "32"),
    *PARAGRAPHS[1:],
    after="<p><em>Correction: An earlier version of this article misstated the height. It is 32 feet, not 23.</em></p>",
)
SHOWN = [page(), OTHER, NOTED, page(headline="Hundreds flee as river hits record"), b""]


@lru_cache
def _catalogue() -> SqliteCatalogue:
    return SqliteCatalogue(Path(tempfile.mkdtemp()) / "c.sqlite")


class _Undone(Exception):  # noqa: N818 - a signal, no error
    """Ends a transaction without a trace."""


@contextmanager
def _scratch() -> Iterator[Connection]:
    """Give a catalogue that forgets all of it afterwards."""
    try:
        with _catalogue().writing() as connection:
            yield connection
            raise _Undone
    except _Undone:
        pass


def _ledger(taken: Sequence[CaptureFacts]) -> tuple[object, ...]:
    """Return what is in the ledger once captures came in this order."""
    with _scratch() as connection:
        source = add_source(connection)
        for one in taken:
            catalogue(connection, one, source_id=source)
        return (
            list(ledger.events_matching(connection, ledger.EventFilter(all=True))),
            ledger.versions_of(connection, 1) if taken else [],
            [
                (one.id, one.verdict, one.version)
                for one in captures.stream_captures(connection, captures.CaptureFilter())
            ],
        )


@settings(max_examples=25, deadline=None)
@given(
    shown=st.lists(st.sampled_from(range(len(SHOWN))), min_size=2, max_size=7),
    random=st.randoms(),
    at_once=st.booleans(),
)
def test_captures_in_any_order_give_the_same_ledger(
    shown: list[int], random: object, *, at_once: bool
) -> None:
    """Imported late, or all within one second: order is by date, address and record id alone."""
    taken = [
        facts("/a", SHOWN[number], 0 if at_once else 30 * place, record=f"<urn:test:{place:03}>")
        for place, number in enumerate(shown)
    ]
    # The first capture makes the article, whichever comes first.
    taken[0] = facts("/a", SHOWN[0], 0, record="<urn:test:000>")
    late = list(taken)
    random.shuffle(late)  # type: ignore[attr-defined]

    assert _ledger(late) == _ledger(taken)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(range(len(SHOWN))), min_size=1, max_size=9))
def test_time_never_goes_backwards_in_a_list_of_versions(shown: list[int]) -> None:
    """Numbers have no gaps, each version begins after the last was seen, and none ends before it begins."""
    _, versions, _ = _ledger(
        [facts("/a", SHOWN[number], 30 * place) for place, number in enumerate([0, *shown])]
    )

    assert [one.number for one in versions] == list(range(1, len(versions) + 1))  # type: ignore[attr-defined]
    moments = [moment for one in versions for moment in (one.captured_at, one.last_seen_at)]  # type: ignore[attr-defined]
    assert moments == sorted(moments)


def test_an_edit_is_alerted_once(outlet: Outlet) -> None:
    """Confirmed by the second look, and never again."""
    for body in (page(), page(), OTHER, OTHER, OTHER):
        outlet.serve("/a", body)

    assert [event.summary for event in outlet.alerts] == [outlet.events()[0].summary]


def test_a_capture_called_an_edit_too_early_is_called_a_variant_later(outlet: Outlet) -> None:
    """Its version goes, and the number is given to the next true one."""
    calls = [outlet.serve("/a", body) for body in (page(), page(), OTHER, page())]
    with outlet.stores.catalogue.reading() as connection:
        now = [one.verdict for one in captures.stream_captures(connection, captures.CaptureFilter())]

    assert calls[2] is Verdict.EDIT
    assert now[2] is Verdict.VARIANT
    assert len(outlet.versions()) == 1


def test_a_variant_claims_no_version(outlet: Outlet) -> None:
    """Two events never lead to the same version: the next true edit is given the number."""
    third = page(
        *PARAGRAPHS[:-1], "Officials planned to open nine additional shelters on Wednesday evening instead."
    )
    for body in (page(), page(), OTHER, page(), third, third):
        outlet.serve("/a", body)

    variant, edit = outlet.events()
    assert (variant.is_variant, variant.from_version, variant.to_version) == (True, 1, 1)
    assert (edit.is_variant, edit.from_version, edit.to_version) == (False, 1, 2)


def test_a_late_capture_supersedes_and_never_alerts(outlet: Outlet) -> None:
    """What was reported and does not hold any more is kept, not shown."""
    for body in (page(), OTHER, OTHER):
        outlet.serve("/a", body)
    alerted = len(outlet.alerts)
    with outlet.stores.catalogue.writing() as connection:
        # It showed the other text half an hour before the first look.
        catalogue(connection, facts("/a", OTHER, 1), source_id=outlet.source)

    assert [event.is_variant for event in outlet.events()] == [True]
    assert len(outlet.alerts) == alerted


def test_a_move_changes_no_event_id(outlet: Outlet) -> None:
    """The article has another address, and its history worked out anew has the same events."""
    for body in (page(), page(), OTHER, OTHER):
        outlet.serve("/2026/07/19/river-crests", body)
    (before,) = outlet.events()
    target = "/2026/07/20/river-crests-again"
    outlet.serve("/2026/07/19/river-crests", b"", status=301, location=target)
    with outlet.stores.catalogue.writing() as connection:
        late = facts("/2026/07/19/river-crests", page(), 1)
        catalogue(connection, late, source_id=outlet.source)
    first, *_ = outlet.events()

    assert first.article.endswith(target)
    assert first.id == before.id
    assert first.alert
