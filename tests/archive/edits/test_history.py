"""The history machine: what a run of captures is called, and what it reports."""

from datetime import timedelta

import pytest

from archive.edits import HistoryState, advance
from archive.model import (
    PAGE,
    EventKind,
    LiveEntry,
    NoteKind,
    Observation,
    PageKind,
    RedirectAim,
    Verdict,
)
from tests.archive.edits.histories import BODY, History, changed, note, story

OTHER_NUMBER = changed(0, BODY[0].replace("23 feet", "32 feet"))


def test_the_same_text_again_is_unchanged() -> None:
    """Captures of equal content make one version and no event."""
    history = History().show(story(), story(), story())

    assert history.verdicts == [Verdict.FIRST, Verdict.UNCHANGED, Verdict.UNCHANGED]
    assert history.events == []
    assert len(history.fold().versions) == 1


def test_an_edit_waits_for_a_second_look() -> None:
    """What was seen once is in the ledger and raises no alert."""
    history = History().show(story(), story(), OTHER_NUMBER)

    (event,) = history.events
    assert (event.confirmed_at, event.alert) == (None, False)


def test_an_edit_is_confirmed_by_the_next_trusted_capture() -> None:
    """The alert names when it was first seen and when it was seen again."""
    history = History().show(story(), story(), OTHER_NUMBER).fail(503).show(OTHER_NUMBER)

    (event,) = history.alerts
    assert (history.seen[2].at, history.seen[4].at) == (event.first_seen_at, event.confirmed_at)
    assert (event.from_version, event.to_version) == (1, 2)


def test_a_change_is_reported_once() -> None:
    """Later captures of the new text say nothing more."""
    history = History().show(story(), story(), *[OTHER_NUMBER] * 5)

    assert len(history.alerts) == 1


def test_a_text_seen_once_and_not_again_is_a_variant() -> None:
    """The version before goes on, the number is given again, and nobody is told."""
    history = History().show(story(), story(), OTHER_NUMBER, story(), changed(1, "Nothing held at all."))

    first, second = history.events
    assert (first.is_variant, first.alert) == (True, False)
    assert history.verdicts[2] is Verdict.VARIANT
    assert second.to_version == 2
    assert [version.number for version in history.fold().versions] == [1, 2]


def test_headlines_that_alternate_are_variants() -> None:
    """A site that tries two headlines raises no alert."""
    other = story(headline="Hundreds flee as river hits record")
    history = History().show(*[story(), other] * 5)

    assert history.alerts == []


def test_an_alternate_headline_that_stays_is_an_edit_after_all() -> None:
    """After three looks in a row the site has chosen; it is first seen in the first of them."""
    other = story(headline="Hundreds flee as river hits record")
    history = History().show(story(), story(), other, story(), other, other, other, other)

    (event,) = history.alerts
    assert history.seen[4].at == event.first_seen_at
    assert history.seen[6].at == event.confirmed_at


def test_an_alternating_headline_hides_no_edit_of_the_body() -> None:
    """What else changed while the other headline was shown is reported."""
    other = story(headline="Hundreds flee as river hits record")
    edited = changed(0, OTHER_NUMBER.body[0], of=other)
    history = History().show(story(), other, story(), other, story(), edited, OTHER_NUMBER)

    (event,) = history.alerts
    assert "32" in event.summary


def test_an_edit_taken_back_is_said_to_be_reverted() -> None:
    """The old text again is an edit of its own, and named as what it is."""
    history = History().show(story(), story(), *[OTHER_NUMBER] * 2, story(), story())

    first, second = history.alerts
    assert (first.is_reverted, second.is_reverted) == (False, True)
    assert second.summary.startswith("Reverted an earlier edit")


def test_an_edit_done_undone_and_done_again_alternates() -> None:
    """The third time the same change is the site trying, not an editor deciding."""
    history = History().show(
        story(), story(), *[OTHER_NUMBER] * 2, *[story()] * 2, OTHER_NUMBER, OTHER_NUMBER, story()
    )

    assert len(history.alerts) == 2
    assert history.verdicts[6:8] == [Verdict.VARIANT] * 2


def test_what_changes_between_two_edits_is_told_apart() -> None:
    """A second edit seen while the first is confirmed is an event of its own."""
    both = changed(3, "Farmers downstream said they had lost nothing.", of=OTHER_NUMBER)
    history = History().show(story(), story(), OTHER_NUMBER, both, both)

    assert [(event.from_version, event.to_version) for event in history.alerts] == [(1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(None, None, id="time-out"),
        pytest.param(403, None, id="forbidden"),
        pytest.param(429, None, id="too-many"),
        pytest.param(503, None, id="down"),
        pytest.param(200, PageKind.CONSENT, id="consent"),
        pytest.param(200, PageKind.CHALLENGE, id="challenge"),
        pytest.param(200, PageKind.LOGIN, id="login"),
        pytest.param(200, PageKind.PAYWALLED, id="paywall"),
    ],
)
def test_what_stands_before_an_article_says_nothing_about_it(
    status: int | None, kind: PageKind | None
) -> None:
    """Walls and failures are blocked, make no event and confirm none."""
    history = History().show(story(), OTHER_NUMBER)
    for _ in range(5):
        history.fail(status, kind=kind, after=900)

    assert history.verdicts[2:] == [Verdict.BLOCKED] * 5
    assert [event.confirmed_at for event in history.events] == [None]


def test_a_damaged_page_is_suspect() -> None:
    """A body that broke off is not compared."""
    history = History().show(story(), story()).show(changed(4, ""), is_damaged=True).show(story())

    assert Verdict.SUSPECT is history.verdicts[2]
    assert history.events == []


def test_a_text_that_shrinks_to_a_stump_is_suspect() -> None:
    """Most of the words gone at once is a failure of the page until it lasts."""
    stump = story(BODY[0])
    history = History().show(story(), story(), stump, stump, story())

    assert history.verdicts[2:] == [Verdict.SUSPECT, Verdict.SUSPECT, Verdict.UNCHANGED]
    assert history.alerts == []


def test_a_stump_that_lasts_a_day_is_believed() -> None:
    """Three looks over a day: the outlet did cut its article."""
    stump = story(BODY[0])
    history = History().show(story(), story()).show(*[stump] * 5, after=600)

    assert len(history.alerts) == 1


def test_a_retraction_may_shrink_an_article_at_once() -> None:
    """A note that withdraws the article explains why its text is gone."""
    gone = story("This article has been withdrawn.", notes=(note("We retract it.", NoteKind.RETRACTION),))
    history = History().show(story(), story(), gone, gone)

    assert len(history.alerts) == 1


def test_an_article_gone_for_a_day_is_removed() -> None:
    """Three misses over 24 hours confirm; the event says since when it was missed."""
    history = History().show(story(), story()).fail(404).fail(404, after=720).fail(404, after=720)

    (event,) = history.alerts
    assert EventKind.REMOVED is event.kind
    assert (history.seen[2].at, history.seen[4].at) == (event.first_seen_at, event.confirmed_at)
    assert history.verdicts[2:] == [Verdict.MISSING, Verdict.MISSING, Verdict.REMOVED]


@pytest.mark.parametrize(
    "gaps",
    [
        pytest.param([60, 300, 300, 300], id="four-within-a-day"),
        pytest.param([60, 1800], id="two-over-a-day"),
    ],
)
def test_too_few_or_too_quick_misses_remove_nothing(gaps: list[int]) -> None:
    """The contract's counts, both of them."""
    history = History().show(story(), story())
    for gap in gaps:
        history.fail(404, after=gap)
    history.show(story())

    assert history.alerts == []


def test_gone_needs_less() -> None:
    """410 says so itself: two over an hour."""
    history = History().show(story()).fail(410).fail(410, after=61)

    assert [event.kind for event in history.alerts] == [EventKind.REMOVED]


def test_a_gone_among_not_founds_does_not_count_as_gone() -> None:
    """Only a run of 410 alone has the shorter wait."""
    history = History().show(story()).fail(404).fail(410, after=61)

    assert history.alerts == []


@pytest.mark.parametrize(
    "miss",
    [
        pytest.param(lambda one: one.fail(404, after=800), id="404"),
        pytest.param(lambda one: one.fail(200, kind=PageKind.NOT_FOUND, after=800), id="soft-404"),
        pytest.param(lambda one: one.lead(RedirectAim.HOME, after=800), id="home"),
        pytest.param(lambda one: one.lead(RedirectAim.SECTION, after=800), id="section"),
    ],
)
def test_all_ways_of_being_gone_count(miss: object) -> None:
    """A soft 404 or a redirect to the front page is as gone as a 404."""
    history = History().show(story(), story())
    for _ in range(3):
        miss(history)  # type: ignore[operator]

    assert [event.kind for event in history.alerts] == [EventKind.REMOVED]


def test_a_removal_is_reported_once() -> None:
    """Further misses stay `removed` and say nothing more."""
    history = History().show(story())
    for _ in range(8):
        history.fail(404, after=700)

    assert len(history.alerts) == 1
    assert history.verdicts[-4:] == [Verdict.REMOVED] * 4


def test_a_wall_does_not_break_a_run_of_misses() -> None:
    """A 503 between two 404s says nothing either way."""
    history = History().show(story()).fail(404).fail(503).fail(404, after=800).fail(404, after=800)

    assert len(history.alerts) == 1


def test_a_trusted_capture_breaks_a_run_of_misses() -> None:
    """There again in between: the count begins anew."""
    history = History().show(story()).fail(404).fail(404, after=800).show(story()).fail(404, after=800)

    assert history.alerts == []


def test_an_article_there_again_is_restored() -> None:
    """Seen once it waits, seen twice it alerts; the same text is no edit."""
    history = History().show(story())
    for _ in range(3):
        history.fail(404, after=800)
    history.show(story())
    waiting = [event.alert for event in history.events if event.kind is EventKind.RESTORED]
    history.show(story())

    assert waiting == [False]
    assert [event.kind for event in history.alerts] == [EventKind.REMOVED, EventKind.RESTORED]
    assert Verdict.RESTORED is history.verdicts[4]


def test_an_article_restored_with_another_text_was_edited_too() -> None:
    """Both are said."""
    history = History().show(story(), story())
    for _ in range(3):
        history.fail(404, after=800)
    history.show(OTHER_NUMBER, OTHER_NUMBER)

    assert {EventKind.REMOVED, EventKind.RESTORED, EventKind.EDIT} == {event.kind for event in history.alerts}


def test_removed_restored_and_removed_again_are_three_events() -> None:
    """Every turn of the state machine is told, under an id of its own."""
    history = History().show(story())
    for _ in range(2):
        for _ in range(3):
            history.fail(404, after=800)
        history.show(story(), story())

    kinds = [event.kind for event in history.alerts]
    assert kinds == [EventKind.REMOVED, EventKind.RESTORED] * 2
    assert len({event.id for event in history.alerts}) == 4


def test_nothing_is_removed_that_was_never_there() -> None:
    """404 from the first look on makes no event."""
    history = History()
    for _ in range(5):
        history.fail(404, after=800)

    assert history.events == []


def test_a_move_is_told_once_and_raises_no_alert() -> None:
    """The article's new address is an event of kind `moved`."""
    history = History().show(story())
    for _ in range(3):
        history.lead(RedirectAim.ELSEWHERE, "https://news.example/b").show(story())

    (event,) = history.events
    assert (event.kind, event.alert) == (EventKind.MOVED, False)
    assert event.confirmed_at is not None


def test_only_dates_or_bylines_are_metadata() -> None:
    """They are in the ledger, make no version and raise no alert."""
    history = History().show(story(), story(), *[story(modified_at="2026-07-20T10:00:00Z")] * 2)

    assert [event.kind for event in history.events] == [EventKind.METADATA]
    assert history.alerts == []
    assert len(history.fold().versions) == 1


def test_typography_alone_is_cosmetic() -> None:
    """Curly quotes for straight ones make neither version nor event."""
    straight = story(*[text.replace("“", '"').replace("”", '"') for text in BODY])
    history = History().show(story(), story(), straight, straight)

    assert history.verdicts[2:] == [Verdict.COSMETIC, Verdict.UNCHANGED]
    assert history.events == []


def _live(*texts: str) -> object:
    entries = tuple(
        LiveEntry(id=f"e{number}", at="", headline=f"Entry {number}", text=text)
        for number, text in enumerate(texts)
    )
    return story("All the latest on the flood.", entries=entries[::-1])


def test_a_burst_of_a_live_blog_is_one_event() -> None:
    """Entries that follow within the hour belong to the event that was reported."""
    texts = [f"Report number {number} from the scene." for number in range(9)]
    history = History()
    history.show(*[_live(*texts[:many]) for many in range(3, 10)], after=6)  # type: ignore[arg-type]

    assert [event.kind for event in history.alerts] == [EventKind.LIVE]


def test_a_quiet_hour_ends_a_burst() -> None:
    """What comes later is a burst of its own."""
    texts = [f"Report number {number} from the scene." for number in range(9)]
    shown = [_live(*texts[:many]) for many in (3, 4, 4, 5, 5)]
    history = History().show(*shown, after=90)  # type: ignore[arg-type]

    assert len(history.alerts) == 2


def test_an_entry_rewritten_is_an_edit() -> None:
    """What a live blog said before is not silently another thing."""
    before = _live("Four people were hurt.", "The road is closed.", "A shelter opens.")
    after = _live("Nine people were hurt.", "The road is closed.", "A shelter opens.")
    history = History().show(before, before, after, after)  # type: ignore[arg-type]

    assert [event.kind for event in history.alerts] == [EventKind.EDIT]


def test_lines_that_rotate_in_the_body_are_no_edits() -> None:
    """A list of links beside the text differs at every load."""
    links = [f"Read more about topic number {number}" for number in range(12)]
    history = History()
    for turn in range(12):
        shown = [links[(turn * 5 + step * 3) % 12] for step in range(4)]
        history.show(story(*BODY[:3], *shown, *BODY[3:]))

    assert history.alerts == []


def test_rotating_lines_hide_no_edit() -> None:
    """The sentence that changed while they rotate is reported, alone."""
    links = [f"Read more about topic number {number}" for number in range(12)]
    history = History()
    for turn in range(12):
        shown = [links[(turn * 5 + step * 3) % 12] for step in range(4)]
        first = BODY[0] if turn < 6 else OTHER_NUMBER.body[0]
        history.show(story(first, *BODY[1:3], *shown, *BODY[3:]))

    (event,) = history.alerts
    assert [OTHER_NUMBER.body[0]] == [one.after for one in event.operations]


def test_a_ticker_that_counts_is_no_edit() -> None:
    """A line of figures that differs at every look is the page's, not the article's."""
    history = History()
    for turn in range(8):
        history.show(story(*BODY[:2], f"ACME {40 + turn}.{turn} +0.{turn}%", *BODY[2:]))

    assert history.alerts == []


def test_a_split_article_lost_nothing() -> None:
    """What went to the second page was not removed, and comes back without being added."""
    first_page = story(*BODY[:3], is_split=True)
    history = History().show(story(), story(), first_page, first_page, story(), story())

    assert history.events == []


def test_an_edit_on_the_first_page_of_a_split_article_is_seen() -> None:
    """Splitting hides no change of what is still there."""
    first_page = story(OTHER_NUMBER.body[0], *BODY[1:3], is_split=True)
    history = History().show(story(), story(), first_page, first_page)

    (event,) = history.alerts
    assert [BODY[0]] == [one.before for one in event.operations]


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        pytest.param(
            {"status": 200, "page_kind": PageKind.ARTICLE, "content": "sha256:2"}, "variant", id="text"
        ),
        pytest.param({"status": 200, "page_kind": PageKind.EMPTY}, "suspect", id="nothing"),
        pytest.param({"status": 404}, "missing", id="gone"),
        pytest.param({"status": None}, "blocked", id="no answer"),
        pytest.param({"status": 301, "aim": RedirectAim.HOME}, "redirect", id="redirect"),
    ],
)
def test_a_page_that_its_first_page_speaks_for_says_nothing_by_itself(fields: dict, verdict: str) -> None:
    """However often it is gone or reads otherwise, the article's history stands where it stood."""
    history = History().show(story(), story())
    before = history.fold().state
    for minute in range(1, 6):
        at = history.at + timedelta(hours=12 * minute)
        history.seen.append(Observation(capture=f"page-{minute}", at=at, rendition=PAGE, **fields))
    after = history.fold()

    assert after.state == before
    assert {str(after.captures[f"page-{minute}"][0]) for minute in range(1, 6)} == {verdict}
    assert after.events == ()


def test_a_first_look_at_further_pages_adds_and_removes_nothing() -> None:
    """What older looks did not read was not added; a page that stops to be named was removed."""
    first = story(*BODY[:3])
    whole = story(is_joined=True, pages=((2, "https://paper.example/flood/2"),))
    history = History().show(first, first, whole, whole)

    assert history.events == []
    history.show(story(*BODY[:3]), story(*BODY[:3]))
    (event,) = history.alerts
    assert [one.after for one in event.operations] == ["", ""]


def test_a_beginning_of_a_split_article_removes_no_note_of_its_end() -> None:
    """Where pages are named and could not be read, a note may stand on one of them."""
    pages = ((2, "https://paper.example/flood/2"),)
    whole = story(is_joined=True, pages=pages, notes=(note("Correction: it was 23 feet."),))
    history = History().show(whole, whole, story(*BODY[:3], pages=pages), story(*BODY[:3], pages=pages))

    assert history.events == []


def test_noise_of_the_outlet_is_left_out_from_then_on() -> None:
    """A block that is known to be of no article makes no event; what came before stays as it was."""
    from archive.edits import block_keys

    banner = "Support our newsroom: become a member and help us report."
    with_banner = story(*BODY, banner)
    history = History().show(story(), story(), with_banner, with_banner)
    known = history.seen[1].at

    (key,) = block_keys(banner)
    assert len(history.alerts) == 1
    assert not any(event.alert for event in history.fold({key: known}).events)
    assert any(event.alert for event in history.fold({key: history.seen[2].at}).events)


def test_the_state_survives_its_own_json() -> None:
    """At every step the state that is stored is the state that is loaded."""
    history = History().show(story(), story(), OTHER_NUMBER, story(), OTHER_NUMBER)
    history.show(story(*BODY, "A line")).fail(404).fail(404, after=800).fail(404, after=800)
    history.show(story()).lead(RedirectAim.ELSEWHERE, "https://news.example/b")
    state = HistoryState()
    for seen in history.seen:
        state = advance(state, seen, history.contents.__getitem__, article="a").state

        assert HistoryState.from_json(state.to_json()) == state


def test_a_state_of_other_software_is_read() -> None:
    """Fields that this software does not know are left aside."""
    assert HistoryState(version=3) == HistoryState.from_json('{"version": 3, "shoe_size": 44}')
