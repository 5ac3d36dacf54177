"""Conditions: fields, any, all and not, and that they survive being written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.conditions import FIELDS, explain, read, written
from alerts.errors import RuleError
from alerts.facts import Around, Facts
from archive.model import EventKind, Note, NoteChange, NoteDelta, NoteKind, Severity, Track
from tests.alerts.conftest import NOON, a_content, an_event

BEFORE = a_content("Bridge works begin", "The council set aside 40 million.", "Crossing stays open.")
AFTER = a_content("Bridge works begin", "The council set aside 70 million.", "Crossing stays open.")


def facts(event=None, *contents):
    """Return an event with its texts."""
    return Facts(event or an_event(), lambda: Around(contents or (BEFORE, AFTER), NOON))


@pytest.mark.parametrize(
    ("table", "holds"),
    [
        pytest.param({}, True, id="nothing-asked"),
        pytest.param({"source": "news.example"}, True, id="source"),
        pytest.param({"source": ["other.example", "news.example"]}, True, id="one-of-two-sources"),
        pytest.param({"source": "other.example"}, False, id="other-source"),
        pytest.param({"article": "https://news.example/city/*"}, True, id="pattern"),
        pytest.param({"article": "https://news.example/sport/*"}, False, id="other-pattern"),
        pytest.param({"kind": "removed"}, False, id="kind"),
        pytest.param({"severity": "material", "disclosure": "silent"}, True, id="both-hold"),
        pytest.param({"severity": "material", "disclosure": "disclosed"}, False, id="one-of-both"),
        pytest.param({"track": ["headline", "body"]}, True, id="track"),
        pytest.param({"contains": "crossing"}, True, id="unchanged-text"),
        pytest.param({"contains": "40 70"}, True, id="words-before-and-after"),
        pytest.param({"contains": '"set aside 70 million"'}, True, id="phrase"),
        pytest.param({"contains": "zebra"}, False, id="word-that-is-not-there"),
        pytest.param({"headline": "bridge"}, True, id="headline"),
        pytest.param({"headline": "council crossing"}, False, id="not-in-the-headline"),
        pytest.param({"added": "70", "removed": "40"}, True, id="added-and-removed"),
        pytest.param({"added": "40"}, False, id="removed-is-not-added"),
        pytest.param({"added": "million"}, False, id="word-that-stayed"),
        pytest.param({"author": "marsh"}, True, id="author"),
        pytest.param({"author": "smith"}, False, id="other-author"),
        pytest.param({"section": "City"}, True, id="section-of-the-page"),
        pytest.param({"section": "sport"}, False, id="other-section"),
        pytest.param({"language": "en"}, True, id="language"),
        pytest.param({"language": "de"}, False, id="other-language"),
        pytest.param({"min-words": 2}, True, id="size"),
        pytest.param({"min-words": 3}, False, id="too-small"),
        pytest.param({"max-age-h": 2}, True, id="young"),
        pytest.param({"max-age-h": 1.9}, False, id="too-old"),
        pytest.param({"not": {"severity": "minor"}}, True, id="not"),
        pytest.param({"not": {"severity": "material"}}, False, id="not-held"),
        pytest.param({"any": [{"kind": "removed"}, {"added": "70"}]}, True, id="any"),
        pytest.param({"any": [{"kind": "removed"}, {"added": "71"}]}, False, id="none-of-any"),
        pytest.param({"all": [{"any": [{"kind": "edit"}]}, {"not": {"source": "x"}}]}, True, id="nested"),
    ],
)
def test_a_condition(table, holds):
    """Alternatives of one field, all of different ones, any, all and not."""
    assert read(table).holds(facts()) is holds


def test_a_regional_language_is_its_language():
    """`pt` covers `pt-BR`, and not the other way round."""
    page = facts(None, a_content("x", language="pt-BR"))

    assert read({"language": "pt"}).holds(page)
    assert not read({"language": "pt-PT"}).holds(page)


def test_a_section_may_be_part_of_the_address():
    """Outlets that name no section have it in the path."""
    page = facts(an_event(article="https://news.example/politics/2026/x.html"), a_content("x", section=None))

    assert read({"section": "Politics"}).holds(page)
    assert not read({"section": "x.html"}).holds(page)


def test_the_words_of_a_note_came_with_it():
    """A correction that is added brings its words."""
    note = Note(text="Correction: the sum was misstated.", kinds=(NoteKind.CORRECTION,))
    event = an_event(operations=(), notes=(NoteDelta(change=NoteChange.ADDED, note=note),))

    assert read({"added": "misstated"}).holds(facts(event))
    assert not read({"removed": "misstated"}).holds(facts(event))


def test_texts_are_not_loaded_when_a_cheap_condition_fails():
    """A rule that asks for another source costs no look into the article."""

    def load():
        pytest.fail("the texts were loaded")

    table = {"contains": "bridge", "source": "other.example"}

    assert not read(table).holds(Facts(an_event(), load))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param({"severty": "material"}, "did you mean `severity`", id="near-miss"),
        pytest.param({"severity": "huge"}, "none of material, minor", id="choice"),
        pytest.param({"min-words": "many"}, "takes a number", id="number"),
        pytest.param({"min-words": -1}, "not negative", id="negative"),
        pytest.param({"contains": "…"}, "holds no word", id="no-word"),
        pytest.param({"source": []}, "empty list", id="empty-list"),
        pytest.param({"source": 3}, "takes a text", id="no-text"),
        pytest.param({"any": "x"}, "takes tables", id="no-table"),
        pytest.param({"contains": "x" * 20_000}, "more than", id="too-long"),
        pytest.param({"source": [str(n) for n in range(500)]}, "more than 400", id="too-many"),
    ],
)
def test_what_cannot_be_understood_is_said(table, said):
    """The message names the condition and the way out."""
    with pytest.raises(RuleError, match=said):
        read(table)


def test_an_expression_that_explodes_is_refused():
    """Nesting has a bound, so that a rule has a bounded cost."""
    table = {"kind": "edit"}
    for _ in range(50):
        table = {"not": table}

    with pytest.raises(RuleError, match="nested"):
        read(table)


VALUES = {
    "choice": lambda field: st.sampled_from([str(one) for one in field.choices]),
    "text": lambda _field: st.sampled_from(["news.example", "City", "en"]),
    "glob": lambda _field: st.sampled_from(["*", "https://news.example/*", "*.gov/*"]),
    "words": lambda _field: st.sampled_from(["40", "70", '"set aside"', "zebra", "bridge"]),
}


def _tests(field):
    if field.kind == "number":
        return st.fixed_dictionaries({field.name: st.integers(0, 5)})
    return st.fixed_dictionaries({field.name: st.lists(VALUES[field.kind](field), min_size=1, max_size=2)})


TABLES = st.recursive(
    st.one_of([_tests(field) for field in FIELDS.values()]),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
    ),
    max_leaves=6,
)


@given(TABLES)
def test_a_condition_that_is_written_and_read_again_judges_alike(table):
    """Rules survive export and import."""
    condition = read(table)

    assert read(written(condition)) == condition
    assert written(read(written(condition))) == written(condition)


@given(TABLES)
def test_not_is_the_contrary(table):
    """An event meets a condition or its contrary, never both."""
    assert read({"not": table}).holds(facts()) is not read(table).holds(facts())


@given(TABLES)
def test_the_reasons_agree_with_the_verdict(table):
    """What is said of the parts adds up to what was judged."""
    condition = read(table)
    top = [one.holds for one in explain(condition, facts()) if one.depth == 0]

    assert all(top) is condition.holds(facts())


def test_every_value_of_the_model_can_be_asked_for():
    """A new kind, severity or track is known to rules the day it is made."""
    assert FIELDS["kind"].choices == tuple(EventKind)
    assert FIELDS["severity"].choices == tuple(Severity)
    assert FIELDS["track"].choices == tuple(Track)
