"""The query language: what is syntax is understood, and everything else is text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import And, Leaf, Not, Or, Query, leaves, parse, render
from archive.search.query import DEEPEST

#: Pieces that hostile and careless people type.
PIECES = st.sampled_from(
    [
        "a",
        "Été",
        "東京",
        "word*",
        '"',
        '"two words"',
        "(",
        ")",
        "-",
        "OR",
        "AND",
        "NOT",
        "headline:",
        ":",
        "*",
        " ",
        "—",
        "\0",
    ]
)
WORDS = st.text("aéb1東京가ไท", min_size=1, max_size=4)
LEAVES = st.builds(
    lambda words, prefix, headline: parse(
        f'{"headline:" if headline else ""}"{" ".join(words)}"{"*" if prefix else ""}'
    ),
    st.lists(WORDS, min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
).filter(lambda leaf: leaf is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("flood warning", And((Leaf("flood"), Leaf("warning"))), id="words are joined by AND"),
        pytest.param("a AND b", And((Leaf("a"), Leaf("b"))), id="AND may be said"),
        pytest.param("a b OR c", Or((And((Leaf("a"), Leaf("b"))), Leaf("c"))), id="OR binds loosest"),
        pytest.param("a (b OR c)", And((Leaf("a"), Or((Leaf("b"), Leaf("c"))))), id="parentheses"),
        pytest.param('"High  Water"', Leaf("high water"), id="phrase"),
        pytest.param("a -b", And((Leaf("a"), Not(Leaf("b")))), id="minus"),
        pytest.param("a NOT (b c)", And((Leaf("a"), Not(And((Leaf("b"), Leaf("c")))))), id="NOT of several"),
        pytest.param("NOT NOT a", Leaf("a"), id="NOT NOT"),
        pytest.param("Flut*", Leaf("flut", is_prefix=True), id="prefix"),
        pytest.param("headline:Flut", Leaf("flut", in_headline=True), id="headline"),
        pytest.param('headline:"a b"', Leaf("a b", in_headline=True), id="headline phrase"),
        pytest.param(
            "headline:(a OR b)",
            Or((Leaf("a", in_headline=True), Leaf("b", in_headline=True))),
            id="headline group",
        ),
        pytest.param("don't", Leaf("don t"), id="words with signs inside are phrases"),
        pytest.param("a a A", Leaf("a"), id="said twice, meant once"),
    ],
)
def test_syntax_is_understood(text: str, expected: Query) -> None:
    """The language of the reference page."""
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param('"a b', "a b", id="unclosed quote"),
        pytest.param("(a", "a", id="unclosed parenthesis"),
        pytest.param("a)", "a", id="unopened parenthesis"),
        pytest.param("a ()", "a", id="nothing in parentheses"),
        pytest.param("a -", "a", id="minus of nothing"),
        pytest.param("OR a", '"or" a', id="operator without its left"),
        pytest.param("a AND", 'a "and"', id="operator without its right"),
        pytest.param("body:x", '"body x"', id="no such field"),
        pytest.param("headline:", '"headline"', id="field of nothing"),
        pytest.param("(" * 3000 + "a" + ")" * 3000, "a", id="nested beyond reason"),
        pytest.param("NOT " * 2000 + "a", "a", id="two thousand times not"),
        pytest.param("*a **", "a", id="stars out of place"),
        pytest.param("and or not", '"and" "or" "not"', id="small letters are words"),
    ],
)
def test_what_is_not_syntax_is_text(text: str, same: str) -> None:
    """Nothing a reader types is refused."""
    assert parse(text) == parse(same)


@pytest.mark.parametrize("text", ["", " ", '"', "()", "-", "* — !", '""', "\u3000"])
def test_nothing_to_look_for(text: str) -> None:
    """Signs alone ask for nothing."""
    assert parse(text) is None


@given(st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map(" ".join)))
def test_any_text_is_a_query(text: str) -> None:
    """It never raises, and what it understood it can say again."""
    query = parse(text)

    assert query is None or parse(render(query)) == query


def _trees(children: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    some = st.lists(children, min_size=2, max_size=3, unique=True).map(tuple)
    return st.one_of(some.map(And), some.map(Or), children.map(Not))


@given(st.recursive(LEAVES, _trees, max_leaves=8))
def test_what_is_written_is_read(query: Query) -> None:
    """A query that was read once is written and read without loss."""
    first = parse(render(query))

    assert first is not None
    assert parse(render(first)) == first


@given(st.recursive(LEAVES, _trees, max_leaves=8))
def test_no_query_nests_deeper_than_engines_bear(query: Query) -> None:
    """Parentheses beyond a depth are text."""

    def depth(one: Query) -> int:
        match one:
            case Leaf():
                return 0
            case Not(part):
                return 1 + depth(part)
            case And(parts) | Or(parts):
                return 1 + max(depth(part) for part in parts)

    deep = "(" * 40 + render(query) + " a) b" * 40
    found = parse(deep)

    assert found is not None
    assert depth(found) <= 3 * (DEEPEST + 8)


def test_leaves_tell_wanted_from_unwanted() -> None:
    """What a match holds is marked in snippets; what it must not hold is not."""
    query = parse("a NOT (b -c)")

    assert query is not None
    assert [leaf.text for leaf in leaves(query)] == ["a", "c"]


@pytest.mark.parametrize(
    ("text", "terms", "is_open"),
    [
        pytest.param("東京都", ("東京", "京都"), False, id="a piece of a longer run"),
        pytest.param("年", ("年",), True, id="one character"),
        pytest.param("2024年", ("2024", "年"), True, id="one character after a number"),
        pytest.param("flo*", ("flo",), True, id="prefix"),
        pytest.param('"new yo"*', ("new", "yo"), True, id="prefix of a phrase"),
        pytest.param("東京*", ("東京",), False, id="a piece is its own prefix"),
    ],
)
def test_a_leaf_is_neighbouring_terms(text: str, terms: tuple[str, ...], is_open: bool) -> None:
    """Engines need nothing but terms one after the other, the last of them perhaps only begun."""
    leaf = parse(text)

    assert isinstance(leaf, Leaf)
    assert (leaf.terms, leaf.is_open) == (terms, is_open)
