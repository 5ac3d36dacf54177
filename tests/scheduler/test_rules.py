"""The pure rules of the frontier: retries by class, signals that prove themselves, what listings lead to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Recipe
from scheduler.naming import AT_ONCE, LATEST, STEP, name_all
from scheduler.retrying import CLASSES, retry_wait
from scheduler.signals import SignalRecord, are_heeded, missed_share, told
from scrapers.discovery.found import Found
from scrapers.discovery.listings import ListingContent

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SITE = "https://news.example"


@given(reason=st.sampled_from([*CLASSES, "http_500", "http_403", "odd"]), failures=st.integers(1, 1000))
def test_waits_grow_and_end(reason, failures):
    """A failure more never shortens the wait, and no wait is longer than a fortnight."""
    assert (
        timedelta(0) < retry_wait(reason, failures) <= retry_wait(reason, failures + 1) <= timedelta(days=14)
    )


def test_classes_wait_as_long_as_they_may_last():
    """A time-out minutes, a refusal an hour, a forbidden address a day; a fixed interval eightfold at most."""
    assert retry_wait("timeout", 1) == retry_wait("http_503", 1) == timedelta(minutes=2)
    assert retry_wait("http_403", 1) == timedelta(hours=1)
    assert retry_wait("forbidden_address", 1) == timedelta(hours=24)
    assert retry_wait("timeout", 50, timedelta(seconds=3)) == timedelta(seconds=24)


def test_a_source_that_touches_every_date_is_not_believed_for_long():
    """Twenty visits by signal that met nothing, while blind ones did: the words count no more."""
    record = SignalRecord()
    for _ in range(20):
        assert are_heeded(record)
        record = record.after(signalled=True, right=False)
    for _ in range(10):
        record = record.after(signalled=False, right=True)

    assert not are_heeded(record)
    assert missed_share(record) == 1.0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=200))
def test_a_tenth_of_the_visits_stays_blind(visits):
    """Signals are never heeded once fewer than a tenth of the visits were blind."""
    record = SignalRecord()
    for signalled, right in visits:
        record = record.after(signalled=signalled, right=right)

    if record.signalled >= 20 and record.blind < 0.1 * (record.signalled + record.blind):
        assert not are_heeded(record)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        pytest.param(SignalRecord(), "none yet: its feeds and sitemaps have announced", id="none"),
        pytest.param(
            SignalRecord(signalled=8, signalled_right=6, blind=10, blind_right=2),
            "on trial, 12 visits to go; changes met: on 6 of 8 visits they asked for, on 2 of 10 visits made blindly; "
            "25% of the changes were not announced",
            id="on trial",
        ),
        pytest.param(
            SignalRecord(signalled=20, signalled_right=10, blind=20), "heeded; changes met", id="heeded"
        ),
        pytest.param(
            SignalRecord(signalled=20, blind=20, blind_right=3),
            "not heeded, because the visits they ask for meet no more changes",
            id="wrong",
        ),
        pytest.param(
            SignalRecord(signalled=20, signalled_right=20), "not heeded, until more visits", id="alone"
        ),
    ],
)
def test_signals_are_told_in_words(record, said):
    """What a source announced, what came of it, and what follows."""
    assert told(record).startswith(said)


def _named(kind, *found, **how):
    return name_all(kind, SITE + "/list", ListingContent(found=found), due=NOW, **how)


def test_a_plain_sitemap_gives_its_latest_bit_by_bit():
    """A thousand of its newest, fifty at once, then one after the other."""
    found = [
        Found(
            url=f"{SITE}/2026/story-number-{number}-of-the-year",
            updated=(NOW - timedelta(hours=number)).isoformat(),
        )
        for number in reversed(range(LATEST + 500))
    ]

    naming = _named("sitemap", *found, spread=True)

    assert (len(naming.names), naming.is_cut) == (LATEST, True)
    assert naming.names[0].uri.endswith("story-number-0-of-the-year")
    assert {one.due for one in naming.names[:AT_ONCE]} == {NOW}
    assert naming.names[-1].due == NOW + (LATEST - 1 - AT_ONCE) * STEP


def test_what_is_refused_is_said_once_a_reason():
    """Bad addresses and other sites, each with its first example."""
    naming = _named(
        "feed",
        Found(url="javascript:alert(1)"),
        Found(url="mailto:a@b.example"),
        Found(url="https://other.example/2026/a-story-about-nothing"),
        Found(url=f"{SITE}/2026/11/24/a-story-about-something"),
        Found(url=f"{SITE}/photo.jpg"),
    )

    assert [one.reason for one in naming.refused] == ["bad_url", "offsite"]
    assert [one.uri for one in naming.names] == [f"{SITE}/2026/11/24/a-story-about-something"]


@pytest.mark.parametrize(("path", "taken"), [("/x/1", True), ("/2026/11/24/a-story-about-something", False)])
def test_a_recipe_has_the_last_word_on_what_is_an_article(path, taken):
    """Its pattern takes what the general rule would not, and leaves what that would take."""
    recipe = Recipe(name="x", articles=r"/x/\d+$")

    assert bool(_named("section", Found(url=SITE + path), recipe=recipe).names) is taken
