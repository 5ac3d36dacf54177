"""
Measures alerts on this machine: matching, delivery, latency and back-tests; prints one table.

    python benchmarks/alerts_speed.py [--events 100000] [--rules 1000] [--only matching,delivery,latency,backtest,crowd]
"""

import argparse
import asyncio
import json
import platform
import random
import statistics
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import delete, insert

from alerts.backtest import backtest
from alerts.delivery import Deliverer
from alerts.outbox import Outbox, facts_of
from alerts.rulebook import RuleBook
from alerts.rules import Rule, rule_from
from archive.catalog import alerts, ledger
from archive.catalog.alerts import ChannelRow, RuleRow
from archive.catalog.deliveries import deliveries
from archive.catalog.schema import article, content, event, source, version
from archive.catalog.search_filling import fill_search_index
from archive.catalog.search_tables import search_state
from archive.digests import derived_id
from archive.model import Event
from archive.opening import Stores, open_stores
from config import Settings

WORDS = [f"word{number}" for number in range(4000)]
START = datetime.now(UTC) - timedelta(hours=2)


def fill(stores: Stores, count: int, *, words: int) -> None:
    """Write a ledger of so many confirmed edits, two versions each, of articles of so many words."""
    rnd = random.Random(1)
    with stores.catalogue.writing() as connection:
        connection.execute(
            insert(source),
            [
                {
                    "id": n,
                    "name": f"s{n}.example",
                    "url": "x",
                    "kind": "outlet",
                    "is_paused": False,
                    "added_at": START,
                }
                for n in range(1, 41)
            ],
        )
    for begin in range(0, count, 2000):
        span = range(begin, min(begin + 2000, count))
        rows = [_rows(number, rnd, words) for number in span]
        with stores.catalogue.writing() as connection:
            for table, index in ((article, 0), (content, 1), (version, 2), (event, 3)):
                connection.execute(insert(table), [one for row in rows for one in row[index]])
    with stores.catalogue.writing() as connection:
        connection.execute(delete(search_state))
    fill_search_index(stores.catalogue)


def _rows(number: int, rnd: random.Random, words: int) -> tuple[list[dict], ...]:
    uri = f"https://s{number % 40 + 1}.example/{rnd.choice(['city', 'world'])}/story-{number}.html"
    at = START + timedelta(seconds=number // 50, microseconds=number)
    body = [" ".join(rnd.choices(WORDS, k=40)) for _ in range(words // 40)]
    headline = " ".join(rnd.choices(WORDS, k=8))
    sentence = " ".join(rnd.choices(WORDS, k=20))
    texts = [[*body, f"{sentence} 40 million"], [*body, f"{sentence} 70 million"]]
    contents, versions = [], []
    event_id = derived_id("event", str(number))
    for index, text in enumerate(texts, 1):
        said = {
            "page_kind": "article", "headline": headline, "dek": "", "authors": ["Robin Marsh"], "body": text,
            "published_at": at.isoformat(), "notes": [], "entries": [], "language": "en", "section": "City",
        }  # fmt: skip
        digest = f"sha256:{number}-{index}"
        contents.append({"digest": digest, "data": zlib.compress(json.dumps(said).encode(), 6)})
        versions.append(
            {"article_id": number + 1, "number": index, "captured_at": at, "last_seen_at": at, "capture": event_id,
             "content": digest, "headline": headline, "words": words, "event": None}
        )  # fmt: skip
    detail = {"operations": [["body", "replace", texts[0][-1], texts[1][-1]]], "notes": []}
    return (
        [{"id": number + 1, "uri": uri, "source_id": number % 40 + 1, "headline": headline, "published_at": at.isoformat(),
          "first_seen_at": at, "last_seen_at": at, "versions": 2, "captures": 3, "history": ""}],
        contents,
        versions,
        [{"id": event_id, "article_id": number + 1, "source_id": number % 40 + 1, "kind": "edit",
          "severity": rnd.choice(["material", "minor"]), "disclosure": rnd.choice(["silent", "disclosed", "none"]),
          "first_seen_at": at, "confirmed_at": at, "alert": True, "is_variant": False, "is_superseded": False,
          "from_version": 1, "to_version": 2, "words_added": 1, "words_removed": 1, "tracks": "body",
          "headline": headline, "summary": "40 → 70", "detail": json.dumps(detail)}],
    )  # fmt: skip


def a_thousand_rules(count: int) -> list[Rule]:
    """Return rules as a newsroom has them: names, outlets, sections, and a few that ask for little."""
    rnd, found = random.Random(2), []
    for number in range(count):
        table: dict = {"to": ["hook"]}
        match number % 10:
            case 0 | 1 | 2 | 3:
                table["contains"] = " ".join(rnd.choices(WORDS, k=2))
            case 4 | 5:
                table["added"] = rnd.choice(WORDS)
            case 6 | 7:
                table |= {"source": f"s{rnd.randint(1, 40)}.example", "severity": "material"}
            case 8:
                table |= {"article": f"https://s{rnd.randint(1, 40)}.example/*", "disclosure": "silent"}
            case 9:
                table |= {"severity": "material", "any": [{"headline": rnd.choice(WORDS)}, {"min-words": 50}]}
        found.append(rule_from(f"rule {number}", START - timedelta(days=1), table))
    return found


def matching(stores: Stores, count: int) -> list[tuple[str, str]]:
    """Time many rules on one event, the article's texts loaded from the catalogue."""
    book = RuleBook(a_thousand_rules(count))
    with stores.catalogue.reading() as connection:
        events = list(ledger.events_matching(connection, ledger.EventFilter(), limit=300))
        times, hits, cpu = [], 0, process_time()
        for one in events:
            began = perf_counter()
            hits += len(book.matching(facts_of(connection, one)))
            times.append((perf_counter() - began) * 1000)
        cpu = (process_time() - cpu) / len(events) * 1000
        plain = []
        for one in events[:30]:
            began = perf_counter()
            facts = facts_of(connection, one)
            [rule for rule in a_rules_cached(count) if rule.where.holds(facts)]
            plain.append((perf_counter() - began) * 1000)
    times.sort()
    return [
        (f"{count} rules on one event, processor time", f"{cpu:.2f} ms"),
        (f"{count} rules on one event, median", f"{statistics.median(times):.2f} ms"),
        (f"{count} rules on one event, p95", f"{times[int(len(times) * 0.95)]:.2f} ms"),
        ("the same one by one, median", f"{statistics.median(plain):.2f} ms"),
        ("rules that matched an event", f"{hits / len(events):.1f}"),
    ]


CACHED: list[Rule] = []


def a_rules_cached(count: int) -> list[Rule]:
    """Return the same rules, made once."""
    if not CACHED:
        CACHED.extend(a_thousand_rules(count))
    return CACHED


class Hook:
    """A webhook receiver on loopback that notes when what arrived."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        body = await reader.readexactly(length)
        for one in json.loads(body)["data"]["events"]:
            self.at.setdefault(one["event"], perf_counter())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()


async def delivering(
    stores: Stores, work: Callable[[int], None], until: Callable[[Hook], bool]
) -> tuple[Hook, float]:
    """Deliver to a receiver until something is so; `work` is given its port first."""
    hook = Hook()
    server = await asyncio.start_server(hook.serve, "127.0.0.1", 0, backlog=512)
    work(server.sockets[0].getsockname()[1])
    settings = replace(Settings(), allowed_private_networks=("127.0.0.0/8",))
    stop = asyncio.Event()
    began = perf_counter()
    task = asyncio.create_task(Deliverer(stores, settings, base_url="http://127.0.0.1:1").run(stop))
    while not until(hook) and not task.done() and perf_counter() - began < 300:
        await asyncio.sleep(0.02)
    took = perf_counter() - began
    stop.set()
    await task
    server.close()
    return hook, took


def _set_up(stores: Stores, port: int, rules: list[Rule]) -> None:
    with stores.catalogue.writing() as connection:
        alerts.add_channel(connection, ChannelRow(name="hook", url=f"http://127.0.0.1:{port}/"))
        for rule in rules:
            alerts.add_rule(
                connection, RuleRow(name=rule.name, added_at=rule.added_at, definition=rule.to_json())
            )


def _events(stores: Stores, count: int) -> list[Event]:
    """Return events as if they were confirmed now."""
    with stores.catalogue.writing() as connection:
        found = list(ledger.events_matching(connection, ledger.EventFilter(), limit=count))
        now = datetime.now(UTC)
        for one in found:
            connection.execute(event.update().where(event.c.id == one.id).values(confirmed_at=now))
    return found


def delivery(stores: Stores, count: int) -> list[tuple[str, str]]:
    """Time the delivery of many single messages to one receiver."""

    def work(port: int) -> None:
        _set_up(stores, port, [rule_from("all", START, {"to": "hook"})])
        found = _events(stores, count)
        outbox = Outbox.of(Settings(), stores.clock)
        with stores.catalogue.writing() as connection:
            outbox(connection, found)

    cpu = process_time()
    hook, took = asyncio.run(delivering(stores, work, lambda hook: len(hook.at) >= count))
    cpu = process_time() - cpu
    return [
        (f"{count} deliveries, sender's and receiver's processor time", f"{len(hook.at) / cpu:.0f} a second"),
        (f"{count} deliveries to one receiver", f"{len(hook.at) / took:.0f} a second"),
    ]


def latency(stores: Stores, count: int) -> list[tuple[str, str]]:
    """Time from an event's commit to its webhook, two a second."""
    written: dict[str, float] = {}

    async def run() -> Hook:
        async def stream() -> None:
            found = _events(stores, count)
            outbox = Outbox.of(Settings(), stores.clock)
            for one in found:
                with stores.catalogue.writing() as connection:
                    outbox(connection, [one])
                written[one.id] = perf_counter()
                await asyncio.sleep(0.5 * random.random())

        def work(port: int) -> None:
            _set_up(stores, port, [*a_thousand_rules(200), rule_from("all", START, {"to": "hook"})])
            tasks.append(asyncio.get_running_loop().create_task(stream()))

        tasks: list[asyncio.Task[None]] = []
        hook, _ = await delivering(
            stores, work, lambda hook: len(written) == count and hook.at.keys() >= written.keys()
        )
        await asyncio.gather(*tasks)
        return hook

    hook = asyncio.run(run())
    lags = sorted(hook.at[one] - at for one, at in written.items() if one in hook.at)
    return [
        ("event to webhook, median", f"{statistics.median(lags):.2f} s"),
        ("event to webhook, p95", f"{lags[int(len(lags) * 0.95)]:.2f} s"),
    ]


def backtests(stores: Stores, count: int) -> list[tuple[str, str]]:
    """Time rules over the whole ledger."""
    rows = []
    for table in (
        {},
        {"severity": "material", "disclosure": "silent"},
        {"added": "70", "severity": "material"},
        {"contains": "word17"},
        {"contains": "million"},
        {"language": "en", "max-age-h": 24},
    ):
        rule = rule_from("x", START, {"to": "hook"} | table)
        began, cpu = perf_counter(), process_time()
        with stores.catalogue.reading() as connection:
            hits = sum(1 for _ in backtest(connection, rule, None, None))
        rows.append(
            (
                f"back-test over {count} events: {table or 'everything'}",
                f"{perf_counter() - began:.1f} s ({process_time() - cpu:.1f} s of the processor), {hits} hits",
            )
        )
    return rows


def crowd(stores: Stores, count: int) -> list[tuple[str, str]]:
    """Put many events through fifty rules of which a fiftieth matches, and deliver what matched."""
    rules = [
        rule_from(
            f"rule {n}",
            START,
            {"to": "hook", "added": "70", "source": f"s{n % 40 + 1}.example", "contains": f"word{n}"},
        )
        for n in range(49)
    ]
    rules.append(rule_from("all", START, {"to": "hook", "group": "article"}))

    def work(port: int) -> None:
        _set_up(stores, port, rules)
        found = _events(stores, count)
        outbox = Outbox.of(Settings(), stores.clock)
        began = perf_counter()
        for start in range(0, len(found), 100):
            with stores.catalogue.writing() as connection:
                outbox(connection, found[start : start + 100])
        took.append(perf_counter() - began)

    took: list[float] = []
    settings_free = asyncio.run(delivering(stores, work, lambda _hook: True))
    with stores.catalogue.reading() as connection:
        rows = len(deliveries(connection))
    del settings_free
    return [(f"{count} events through 50 rules", f"{took[0]:.1f} s, {rows} rows")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--only", default="matching,delivery,latency,backtest,crowd")
    asked = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, made-up ledger of articles of 200 to 800 words"
    )
    for part, count, words, measure in (
        ("matching", 400, 800, lambda stores, _: matching(stores, asked.rules)),
        ("delivery", 4000, 200, delivery),
        ("latency", 60, 800, latency),
        ("crowd", 10_000, 200, crowd),
        ("backtest", asked.events, 400, backtests),
    ):
        if part not in asked.only.split(","):
            continue
        with tempfile.TemporaryDirectory() as folder:
            stores = open_stores(Path(folder))
            fill(stores, count, words=words)
            for what, figure in measure(stores, count):
                print(f"{what:<80} {figure}", flush=True)
            stores.close()


if __name__ == "__main__":
    sys.exit(main())
