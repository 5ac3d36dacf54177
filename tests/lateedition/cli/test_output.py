"""How results are printed."""

import contextlib
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from lateedition.cli.output import jsonl


@given(st.lists(st.dictionaries(st.just("text"), st.text()), max_size=4))
def test_one_object_is_one_line_for_every_reader(lines):
    """Also for those that part lines at U+2028, as Python's own `splitlines` does."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        jsonl(lines)

    assert [json.loads(line) for line in out.getvalue().splitlines()] == lines
