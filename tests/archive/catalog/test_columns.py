"""Columns that keep texts as fewer bytes: nothing is lost, nothing meets, and order stays."""

from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect

from archive.catalog.codes import PAGE_KIND, RECORD_TYPE, REDIRECT_AIM, VERDICT
from archive.catalog.columns import Coded, LabelledDigest, RecordId
from archive.model import PageKind, RecordType, RedirectAim, Verdict

SQLITE = dialect()
#: What a header field may say.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=70)
UUIDS = st.builds(lambda number: f"<urn:uuid:{UUID(int=number)}>", st.integers(0, 2**128 - 1))
OTHERS = st.one_of(st.from_regex(r"<urn:[a-z0-9-]{1,9}:[A-Z0-9]{1,40}>", fullmatch=True), WORDS)
DIGESTS = st.one_of(st.binary(min_size=32, max_size=32).map(lambda raw: f"sha256:{raw.hex()}"), WORDS)


@given(one=DIGESTS, other=DIGESTS)
def test_digests_come_back_and_only_equal_ones_are_equal(one: str, other: str) -> None:
    """Whatever a foreign file calls a digest is kept as it stands."""
    kept, again = LabelledDigest(), LabelledDigest().process_bind_param(one, SQLITE)

    assert one == kept.process_result_value(again, SQLITE)
    assert (one == other) == (again == kept.process_bind_param(other, SQLITE))


@given(one=st.one_of(UUIDS, OTHERS), other=UUIDS)
def test_record_ids_come_back_in_order(one: str, other: str) -> None:
    """Ids are what they were, and sort as their texts do."""
    kept = RecordId()
    first, second = kept.process_bind_param(one, SQLITE), kept.process_bind_param(other, SQLITE)

    assert one == kept.process_result_value(first, SQLITE)
    assert first is not None
    assert second is not None
    if not one.lower().startswith("<urn:uuid:") or one == one.lower():
        assert (one < other, one == other) == (first < second, first == second)


@pytest.mark.parametrize(
    ("column", "states"),
    [
        pytest.param(VERDICT, Verdict, id="verdicts"),
        pytest.param(RECORD_TYPE, RecordType, id="record types"),
        pytest.param(PAGE_KIND, PageKind, id="page kinds"),
        pytest.param(REDIRECT_AIM, RedirectAim, id="aims"),
    ],
)
def test_every_state_has_a_number_of_its_own(column: Coded, states: type[StrEnum]) -> None:
    """A state that is added without a number would be found by the first capture that has it: here instead."""
    numbers = [column.process_bind_param(state, SQLITE) for state in states]

    assert len(set(numbers)) == len(numbers)
    assert list(states) == [column.process_result_value(number, SQLITE) for number in numbers]
