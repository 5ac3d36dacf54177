"""The spool: everything that was put in comes out in order, however much it is."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.warc.spool import Spool


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    keys=st.lists(st.tuples(st.integers(-(2**62), 2**62), st.text(max_size=20)), max_size=60, unique=True),
    run=st.integers(1, 20),
)
def test_lines_come_out_in_order(tmp_path: Path, keys: list[tuple[int, str]], run: int) -> None:
    """Sorted runs on disk and what is still in memory are merged into one order; nothing is left behind."""
    with Spool(tmp_path, run=run) as lines:
        for key in keys:
            lines.add([*key, {"value": key[1]}])

        assert len(keys) == len(lines)
        assert [[*key, {"value": key[1]}] for key in sorted(keys)] == list(lines.in_order())

    assert list(tmp_path.iterdir()) == []
