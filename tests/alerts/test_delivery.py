"""Delivery: to receivers that misbehave, with one id a message, and without one keeping another waiting."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest

from alerts.delivery import Deliverer
from alerts.dispatch import ROOM_OF_CHANNEL
from alerts.outbox import Outbox
from alerts.patience import BREAK
from archive.catalog import alerts
from archive.catalog.deliveries import DeliveryState
from tests.alerts.conftest import (
    NOON,
    Flood,
    a_rule,
    an_event,
    answers,
    breaks_off,
    drips,
    hangs,
    says,
)

#: Seconds that anything is waited for at most.
PATIENCE = 45.0


@pytest.fixture
def outbox(settings, clock):
    """The outbox of the home."""
    return Outbox.of(settings, clock)


@pytest.fixture
def deliver(home, settings, clock) -> Callable[..., Awaitable[None]]:
    """Deliver until something is so; the home's clock goes on by what passes meanwhile."""

    async def run(look: Callable[[], object], **other) -> None:
        stop = asyncio.Event()
        deliverer = Deliverer(
            home.stores, replace(settings, **other), base_url="http://127.0.0.1:8765", chance=lambda: 0.5
        )
        task = asyncio.create_task(deliverer.run(stop))
        end, last = monotonic() + PATIENCE, monotonic()
        try:
            while not task.done() and not await asyncio.to_thread(look):
                assert monotonic() < end, [(one.state, one.last_error) for one in home.rows()]
                await asyncio.wait({task}, timeout=0.03)
                clock.time += timedelta(seconds=monotonic() - last)
                last = monotonic()
        finally:
            stop.set()
            await task

    return run


def all_are(home, *states):
    """Return a look at whether there are deliveries and all are in one of these states."""
    return lambda: home.rows() and all(row.state in states for row in home.rows())


async def test_an_event_arrives_signed_once_with_its_links(home, outbox, receiver, deliver, monkeypatch):
    """Standard Webhooks: id, fresh timestamp, and a signature by the channel's secret over the body as sent."""
    monkeypatch.setenv("DESK_SECRET", "whsec_" + base64.b64encode(b"k" * 24).decode())
    home.channel(url=receiver.url(), secret_env="DESK_SECRET")
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "sent"))
    [call] = receiver.calls
    [row] = home.rows()
    signed = f"{call.id}.{call.headers['webhook-timestamp']}.".encode() + call.body
    expected = base64.b64encode(hmac.new(b"k" * 24, signed, hashlib.sha256).digest()).decode()

    assert call.headers["webhook-signature"] == f"v1,{expected}"
    assert (call.id, row.attempts, row.status) == (row.id, 1, 200)
    assert call.said["type"] == "edits"
    assert call.said["data"]["rule"] == "all"
    [event] = call.said["data"]["events"]
    assert event["event"] == an_event().id
    assert set(event["links"]) == {"article", "diff", "before", "after"}


async def test_two_secrets_give_two_signatures(home, outbox, receiver, deliver, monkeypatch):
    """While a secret is rotated the receiver may check with either."""
    for name, letter in (("NEW", b"n"), ("OLD", b"o")):
        monkeypatch.setenv(name, "whsec_" + base64.b64encode(letter * 24).decode())
    home.channel(url=receiver.url(), secret_env="NEW OLD")
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "sent"))

    assert len(receiver.calls[0].headers["webhook-signature"].split()) == 2


@pytest.mark.parametrize(
    ("secret", "said"),
    [pytest.param(None, "is not set", id="unset"), pytest.param("whsec_*", "base64", id="malformed")],
)
async def test_nothing_goes_out_unsigned(home, outbox, receiver, deliver, monkeypatch, secret, said):
    """A secret that cannot be used is said, and is not in the message."""
    if secret is not None:
        monkeypatch.setenv("DESK_SECRET", secret)
    home.channel(url=receiver.url(), secret_env="DESK_SECRET")
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "retrying"))

    assert receiver.calls == []
    assert said in home.rows()[0].last_error


async def test_a_receiver_that_fails_is_tried_again_under_the_same_id(home, outbox, receiver, deliver):
    """Five failures, then it is taken: six requests, one id, one body."""
    receiver.behaves("hook", answers(*[says(500)] * 5, says(200)))
    home.channel(url=receiver.url())
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "sent"))

    assert len(receiver.calls) == 6
    assert len({(call.id, call.body) for call in receiver.calls}) == 1


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        pytest.param(hangs, "no answer within 2 s", id="hangs"),
        pytest.param(drips, "no answer within 2 s", id="drips"),
        pytest.param(
            answers(says(302, "Location: http://127.0.0.1:1/x\r\n")), "answered 302", id="redirects"
        ),
        pytest.param(answers(says(413)), "answered 413", id="too-large"),
        pytest.param(answers(b"nonsense\r\n\r\n"), "", id="no-http"),
    ],
)
async def test_an_answer_that_is_none_is_said_and_tried_again(
    home, outbox, receiver, deliver, behaviour, said
):
    """Whatever it is, it costs no more than the timeout."""
    home.channel(url=receiver.behaves("hook", behaviour))
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(lambda: home.rows()[0].attempts >= 2)
    [row] = home.rows()

    assert row.state is DeliveryState.RETRYING
    assert said in row.last_error
    assert {call.path for call in receiver.calls} == {"/hook"}


async def test_a_gigabyte_behind_200_is_sent_and_not_read(home, outbox, receiver, deliver):
    """The status is all that counts."""
    flood = Flood()
    home.channel(url=receiver.behaves("hook", flood))
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "sent"))

    assert len(receiver.calls) == 1
    assert flood.megabytes < 100


async def test_an_answer_that_breaks_off_is_none(home, outbox, receiver, deliver):
    """Half a status line is no 200."""
    home.channel(url=receiver.behaves("hook", breaks_off))
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "sent"))

    assert len(receiver.calls) == 2


async def test_retry_after_is_kept(home, outbox, receiver, deliver):
    """A receiver that asks for a minute is not asked within it."""
    home.channel(url=receiver.behaves("hook", answers(says(429, "Retry-After: 60\r\n"), says(200))))
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "retrying"))
    [row] = home.rows()

    assert row.next_attempt_at - NOON >= timedelta(seconds=60)


async def test_gone_switches_the_channel_off(home, outbox, receiver, deliver):
    """410 ends this message; later ones wait until somebody switches the channel on."""
    home.channel(url=receiver.behaves("hook", answers(says(410))))
    home.rule(a_rule())
    home.confirm(outbox, an_event(1))
    await deliver(all_are(home, "dead"))
    home.confirm(outbox, an_event(2))
    home.channel("other", receiver.url("other"))
    home.rule(a_rule("other", to="other"))
    home.confirm(outbox, an_event(3))
    await deliver(lambda: receiver.of("other"))
    with home.stores.catalogue.reading() as connection:
        channel = alerts.all_channels(connection)["desk"]

    assert (channel.is_on, channel.reason) == (False, "the receiver answered 410 Gone")
    assert len(receiver.of("hook")) == 1


async def test_a_private_address_is_refused_on_the_socket(home, outbox, deliver):
    """A name or number that leads inside gets nothing, and the row says so."""
    home.channel(url="http://localhost:9/hook")
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(all_are(home, "retrying"), allowed_private_networks=("127.9.0.0/16",))

    assert "forbidden_address" in home.rows()[0].last_error


async def test_a_channel_that_hangs_keeps_no_other_waiting(home, outbox, receiver, deliver):
    """Two hundred messages that nobody takes, and one that is taken before the first of them is given up."""
    home.channel("slow", receiver.behaves("slow", hangs))
    home.channel("good", receiver.url("good"))
    home.rule(a_rule("slow", to="slow"))
    home.rule(a_rule("good", to="good", article="*story-199.html"))
    home.confirm(outbox, *[an_event(n, source=f"s{n % 20}.example") for n in range(200)])
    given_up = []

    def arrived():
        return receiver.of("good") and not given_up.append([row for row in home.rows() if row.last_error])

    await deliver(arrived, alerts_timeout=4.0)

    assert given_up == [[]]
    assert len(receiver.of("slow")) <= ROOM_OF_CHANNEL


async def test_a_channel_that_keeps_failing_is_tried_with_one_message_at_a_time(
    home, outbox, receiver, deliver
):
    """After some failures in a row forty messages cost a few requests, and the channel says why."""
    home.channel(url=receiver.behaves("hook", answers(says(500))))
    home.rule(a_rule())
    home.confirm(outbox, *[an_event(n, source=f"s{n % 4}.example") for n in range(40)])

    def failures():
        with home.stores.catalogue.reading() as connection:
            return alerts.all_channels(connection)["desk"]

    await deliver(lambda: failures().failures >= BREAK + 3)

    assert "failures in a row" in failures().reason
    assert failures().resting_until is not None
    assert len(receiver.calls) <= BREAK + ROOM_OF_CHANNEL + 4


async def test_a_channel_that_works_again_forgets_its_failures(home, outbox, receiver, deliver):
    """Everything that waited is sent, each once."""
    is_mended = lambda: len(receiver.calls) > BREAK + 3  # noqa: E731 - short

    async def broken_at_first(writer, _number):
        writer.write(says(200) if is_mended() else says(500))
        await writer.drain()

    home.channel(url=receiver.behaves("hook", broken_at_first))
    home.rule(a_rule())
    home.confirm(outbox, *[an_event(n) for n in range(6)])
    await deliver(all_are(home, "sent"))
    with home.stores.catalogue.reading() as connection:
        channel = alerts.all_channels(connection)["desk"]

    assert (channel.failures, channel.reason, channel.resting_until) == (0, "", None)
    assert len({call.id for call in receiver.calls}) == 6


async def test_after_a_day_a_delivery_is_given_up(home, outbox, receiver, deliver, clock):
    """It is dead, and says what the last answer was."""
    home.channel(url=receiver.behaves("hook", answers(says(500))))
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    await deliver(lambda: home.rows()[0].attempts == 1)
    clock.go(hours=24)
    await deliver(all_are(home, "dead"))

    assert home.rows()[0].last_error == "the receiver answered 500"


async def test_what_a_killed_deliverer_held_is_sent_under_the_same_id(home, outbox, receiver, deliver, clock):
    """Its lease ends; the row is not gathered with others, because it may have arrived."""
    home.channel(url=receiver.url())
    home.rule(a_rule())
    home.confirm(outbox, an_event(1))
    [row] = home.rows()
    with home.stores.catalogue.writing() as connection:
        from archive.catalog import deliveries

        deliveries.lease(connection, [row.id], now=NOON, until=NOON + timedelta(seconds=5))
    clock.go(hours=3)
    home.confirm(outbox, an_event(2, confirmed_at=NOON + timedelta(seconds=1)))
    await deliver(all_are(home, "sent"))

    assert row.id in {call.id for call in receiver.calls}
    assert len(receiver.calls) == 2


async def test_after_a_long_stop_what_is_late_is_sent_together_and_says_so(
    home, outbox, receiver, deliver, clock
):
    """Nobody wants thirty messages of the night in the morning."""
    home.channel(url=receiver.url())
    home.rule(a_rule())
    home.confirm(outbox, *[an_event(n, source=f"s{n % 5}.example") for n in range(30)])
    clock.go(hours=9)
    await deliver(all_are(home, "sent"))
    [call] = receiver.calls

    assert len(call.said["data"]["events"]) == 30
    assert call.said["data"]["late"] is True


async def test_what_is_due_now_is_not_called_late(home, outbox, receiver, deliver, clock):
    """Half an hour is not late."""
    home.channel(url=receiver.url())
    home.rule(a_rule())
    home.confirm(outbox, an_event(1), an_event(2))
    clock.go(minutes=30)
    await deliver(all_are(home, "sent"))

    assert [call.said["data"].get("late") for call in receiver.calls] == [None, None]


async def test_a_cap_gathers_what_is_beyond_it(home, outbox, receiver, deliver):
    """Three an hour: two alone, and the third carries the other eight."""
    home.channel(url=receiver.url(), cap=3)
    home.rule(a_rule())
    home.confirm(outbox, *[an_event(n) for n in range(10)])
    await deliver(all_are(home, "sent"))

    assert sorted(len(call.said["data"]["events"]) for call in receiver.calls) == [1, 1, 8]


async def test_when_the_cap_is_reached_the_rest_waits_for_the_hour(home, outbox, receiver, deliver, clock):
    """It is held, says why, and goes out together when there is room."""
    home.channel(url=receiver.url(), cap=1)
    home.rule(a_rule())
    home.confirm(outbox, an_event(1))
    await deliver(all_are(home, "sent"))
    home.confirm(outbox, *[an_event(n) for n in range(2, 6)])
    await deliver(all_are(home, "sent", "held"))
    [held] = [row for row in home.rows() if row.state is DeliveryState.HELD]

    assert "1 messages were sent within the hour" in held.last_error
    clock.go(hours=1)
    await deliver(all_are(home, "sent"))
    assert [len(call.said["data"]["events"]) for call in receiver.calls] == [1, 4]


async def test_a_rule_that_is_muted_sends_nothing_that_waited(home, outbox, receiver, deliver):
    """Not even what was found before."""
    home.channel(url=receiver.url())
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    with home.stores.catalogue.writing() as connection:
        alerts.add_mute(connection, alerts.MuteRow(rule="all", added_at=NOON))
    await deliver(all_are(home, "dead"))

    assert receiver.calls == []


async def test_an_article_that_is_muted_is_left_out_of_what_waited(home, outbox, receiver, deliver, clock):
    """Its events of a digest stay away, the others come; a message of nothing else is not sent."""
    home.channel(url=receiver.url())
    home.rule(a_rule("digest", group="hour"))
    home.rule(a_rule("each", article=an_event(1).article))
    home.confirm(outbox, an_event(1), an_event(2))
    with home.stores.catalogue.writing() as connection:
        alerts.add_mute(connection, alerts.MuteRow(article=an_event(1).article, added_at=NOON))
    clock.go(hours=2)
    await deliver(lambda: {row.state for row in home.rows()} == {"sent", "dead"})

    assert [[event["event"] for event in call.said["data"]["events"]] for call in receiver.calls] == [
        [an_event(2).id]
    ]


async def test_quiet_hours_hold_a_retry_too(home, outbox, receiver, deliver, clock):
    """Whatever a message waits for, it does not arrive at night."""
    home.channel(url=receiver.behaves("hook", answers(says(500), says(200))))
    home.rule(a_rule(quiet="12:01-13:00"))
    home.confirm(outbox, an_event())
    await deliver(lambda: home.rows()[0].attempts == 1, alerts_retry_base=90.0)
    clock.go(minutes=3)
    await deliver(all_are(home, "held"))
    clock.go(hours=1)
    await deliver(all_are(home, "sent"))

    assert len(receiver.calls) == 2


async def test_an_event_that_holds_no_more_is_withdrawn(home, outbox, receiver, deliver):
    """It was superseded before it could be sent; the channel is not blamed."""
    home.channel(url=receiver.url())
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    with home.stores.catalogue.writing() as connection:
        home.add(connection, an_event(is_superseded=True))
    await deliver(all_are(home, "dead"))
    with home.stores.catalogue.reading() as connection:
        channel = alerts.all_channels(connection)["desk"]

    assert receiver.calls == []
    assert "withdrawn" in home.rows()[0].last_error
    assert channel.is_on
    assert channel.failures == 0


async def test_a_group_that_is_on_its_way_is_closed(home, outbox, receiver, deliver, clock):
    """What comes later begins another message."""
    home.channel(url=receiver.url())
    home.rule(a_rule(group="article"))
    article = "https://news.example/burst"
    home.confirm(outbox, an_event(1, article=article), an_event(2, article=article))
    clock.go(seconds=61)
    await deliver(all_are(home, "sent"))
    home.confirm(outbox, an_event(3, article=article, confirmed_at=clock.now()))
    clock.go(seconds=61)
    await deliver(all_are(home, "sent"))

    assert [len(call.said["data"]["events"]) for call in receiver.calls] == [2, 1]


async def test_what_waits_for_a_channel_that_was_removed_is_given_up(home, outbox, deliver):
    """Also when the channel went behind the outbox's back."""
    home.channel()
    home.rule(a_rule())
    home.confirm(outbox, an_event())
    with home.stores.catalogue.writing() as connection:
        alerts.remove_channel(connection, "desk")
    await deliver(all_are(home, "dead"))

    assert home.rows()[0].last_error == "the channel was removed"
