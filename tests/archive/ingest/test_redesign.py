"""A new template is one event of the outlet, not an edit of each of its articles."""

from archive.ingest.cataloguing import Arrival, Cataloguer
from archive.model import EventKind
from tests.archive.ingest.outlet import Outlet, catalogue, facts, numbered, page

BANNER = "Support our newsroom: become a member and help us report from your town and your region."


def _redesigned(outlet: Outlet, *, articles: int, edited: int | None = None, without: int = 0) -> None:
    """Let all articles but a few gain the same paragraph; one of them is edited with it."""
    for _ in range(2):
        for number in range(articles):
            outlet.serve(f"/{number}", page(*numbered(number)), minutes=2)
    for _ in range(3):
        for number in range(articles - without):
            body = list(numbered(number))
            if number == edited:
                body[0] = body[0].replace("23 feet", "32 feet")
            outlet.serve(f"/{number}", page(*body, BANNER), minutes=2)


def test_text_that_comes_everywhere_is_one_redesign(outlet: Outlet) -> None:
    """One alert that quotes it, and no edit."""
    _redesigned(outlet, articles=9)

    (event,) = outlet.events(alerts_only=True)
    assert event.kind is EventKind.REDESIGN
    assert "Support our newsroom" in event.summary
    assert [event.kind for event in outlet.alerts] == [EventKind.REDESIGN]


def test_a_true_edit_behind_a_redesign_is_released(outlet: Outlet) -> None:
    """What else changed in an article is an edit, without the template's text."""
    _redesigned(outlet, articles=9, edited=3)

    edits = [event for event in outlet.events(alerts_only=True) if event.kind is EventKind.EDIT]
    assert [event.article for event in edits] == ["https://paper.example/3"]
    assert "‘23’ → ‘32’" in edits[0].summary
    assert not any(BANNER in one.after for one in edits[0].operations)


def test_an_article_looked_at_later_is_compared_without_the_template(outlet: Outlet) -> None:
    """The redesign is known from then on."""
    _redesigned(outlet, articles=9, without=1)
    for _ in range(2):
        outlet.serve("/8", page(*numbered(8), BANNER), minutes=5000)

    assert [event.kind for event in outlet.alerts] == [EventKind.REDESIGN]


def test_a_second_change_of_the_same_template_is_not_told_again(outlet: Outlet) -> None:
    """One redesign an outlet and episode."""
    _redesigned(outlet, articles=9)
    for _ in range(3):
        for number in range(9):
            outlet.serve(
                f"/{number}",
                page(*numbered(number), BANNER, "Our new app is here, get it in the store now."),
                minutes=2,
            )

    assert [event.kind for event in outlet.alerts] == [EventKind.REDESIGN]
    assert len(outlet.events(alerts_only=True)) == 1


def test_the_same_sentence_in_a_few_articles_is_an_edit_of_each(outlet: Outlet) -> None:
    """Background added to four of twelve articles is the editors' work."""
    added = "Three people were charged in connection with the flood on Friday, the prosecutor said."
    for _ in range(2):
        for number in range(12):
            outlet.serve(f"/{number}", page(*numbered(number)), minutes=2)
    for _ in range(2):
        for number in range(12):
            more = (added,) if number < 4 else ()
            outlet.serve(f"/{number}", page(*numbered(number), *more), minutes=2)

    assert [event.kind for event in outlet.alerts] == [EventKind.EDIT] * 4


def test_a_redesign_outlives_the_rework_of_its_article(outlet: Outlet) -> None:
    """It is an event of the outlet and does not hang on one article's history."""
    _redesigned(outlet, articles=9)
    with outlet.stores.catalogue.writing() as connection:
        catalogue(connection, facts("/0", page(*numbered(0)), 1), source_id=outlet.source)

    assert [event.kind for event in outlet.events(alerts_only=True)] == [EventKind.REDESIGN]


def test_a_redesign_is_seen_when_what_was_before_is_imported_late(outlet: Outlet) -> None:
    """The archive began behind it; with older captures it shows, once, and nobody is told of what is old."""
    for _ in range(2):
        for number in range(9):
            outlet.serve(f"/{number}", page(*numbered(number), BANNER), minutes=60)
    with outlet.stores.catalogue.writing() as connection:
        cataloguer = Cataloguer()
        earlier = [
            facts(f"/{number}", page(*numbered(number)), minutes + number)
            for number in range(9)
            for minutes in (1, 20)
        ]
        arrivals = [
            Arrival(facts=one, seen=cataloguer.look(connection, one), source_id=outlet.source)
            for one in earlier
        ]
        cataloguer.catalogue(connection, arrivals)

    (event,) = outlet.events(alerts_only=True)
    assert event.kind is EventKind.REDESIGN
    assert outlet.alerts == []


def test_a_figure_that_changes_in_many_articles_is_an_edit_of_each(outlet: Outlet) -> None:
    """A sentence that was rewritten is no template, though it reads the same everywhere."""
    shared = "The repairs will cost $40 million, of which the state has promised to pay half by the spring."
    for text in (shared, shared, shared.replace("$40", "$103"), shared.replace("$40", "$103")):
        for number in range(9):
            outlet.serve(f"/{number}", page(*numbered(number), text), minutes=2)

    events = outlet.events(alerts_only=True)
    assert [event.kind for event in events] == [EventKind.EDIT] * 9
    assert all("‘40’ → ‘103’" in event.summary for event in events)
