"""Patience: waits grow, have jitter and a bound, and a receiver's wish is kept."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.patience import BREAK, pause, rest

CHANCE = st.floats(0, 1)
BASE = st.floats(0.01, 120)


@given(st.integers(1, 500), BASE, CHANCE)
def test_a_wait_stays_within_its_bounds(attempts, base, chance):
    """A quarter more or less than the doubled base, and never much over an hour."""
    doubled = min(base * 2.0 ** min(attempts - 1, 60), 3600)

    assert doubled * 0.74 <= pause(attempts, base=base, chance=chance) <= doubled * 1.26


@given(st.integers(1, 500), BASE, CHANCE, st.floats(0, 86_400))
def test_a_receiver_is_left_alone_as_long_as_it_asks(attempts, base, chance, asked):
    """Retry-After is a least time."""
    assert pause(attempts, base=base, chance=chance, asked=asked) >= asked


@given(st.integers(1, 60), BASE, CHANCE)
def test_waits_do_not_shrink(attempts, base, chance):
    """With the same luck a later try never comes sooner after the one before."""
    assert pause(attempts + 1, base=base, chance=chance) >= pause(attempts, base=base, chance=chance)


@given(st.integers(0, 5000), BASE)
def test_a_channel_rests_only_after_several_failures(failures, base):
    """One failure is no reason to hold everything else back, and a rest ends within a quarter of an hour."""
    assert (rest(failures, base=base) > 0) is (failures >= BREAK)
    assert rest(failures, base=base) <= 900
