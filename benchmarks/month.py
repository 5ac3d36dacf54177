"""
A month of the service in minutes: the real frontier, policy and catalogue under a clock that is moved by hand.

    python benchmarks/month.py [--outlets 1000] [--articles 1000000] [--fetches 7] [--plot month.svg]

Articles appear over the month by day more than by night, each on its outlet's host, and are edited as the shipped
priors say, outlets and articles differing in liveliness. Nothing is fetched: a visit tells whether the article
changed since the last one. Rows of articles, versions, events and captures are written as an archive would.
Prints one table, and a plot of every day.
"""

import argparse
import asyncio
import bisect
import math
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, insert, update

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive.catalog import discovered, leases, sources
from archive.catalog.schema import article, capture, event, url, version
from archive.model import Source, Verdict
from archive.opening import Stores, open_stores
from config import Settings
from scheduler.frontier import CatalogueFrontier, Goal
from scheduler.policy.ages import EDGES
from scheduler.policy.hazards import shipped
from scheduler.refitting import pace_of, refit_if_due
from scheduler.service import LOOK_AT_FIT
from scrapers.frontier import Outcome, Visit

START = datetime(2026, 7, 1, tzinfo=UTC)
DAYS = 30
POLLED = timedelta(hours=2)
#: Seconds from one look of the service to the next, between these by chance; longer where nothing is due.
SHORTEST_LOOK, LONGEST_LOOK = 1.0, 59.0
#: Share of a day's articles that appear in each hour.
RHYTHM = [1, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 7, 7, 7, 7, 7, 7, 6, 5, 4, 3, 2, 2, 1]


class SimulatedClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        """Return the moment."""
        return self.time

    def real_seconds(self, seconds: float) -> float:
        """Return the seconds unchanged."""
        return seconds


@dataclass(slots=True)
class World:
    """What outlets do: when each article appears, in hours, and at which hours it is edited."""

    outlets: int
    appears: list[float]
    edits: list[tuple[float, ...]]

    @classmethod
    def made(cls, outlets: int, articles: int, chance: random.Random) -> "World":
        """Make a world; the same chance makes the same one."""
        by_age = shipped().stranger.by_age
        ends = [*EDGES[1:], DAYS * 24.0]
        weights = [rate * (end - low) for rate, low, end in zip(by_age, EDGES, ends, strict=True)]
        scale = [chance.lognormvariate(0, 0.7) for _ in range(outlets)]
        shape = shipped().shape
        hours = chance.choices(range(24), RHYTHM, k=articles)
        appears = sorted(chance.randrange(DAYS) * 24 + hour + chance.random() for hour in hours)
        edits = []
        for number, clock in enumerate(appears):
            mean = sum(weights) * scale[number % outlets] * chance.gammavariate(shape, 1 / shape)
            bins = chance.choices(range(len(EDGES)), weights, k=_poisson(mean, chance))
            edits.append(tuple(sorted(clock + chance.uniform(EDGES[one], ends[one]) for one in bins)))
        return cls(outlets, appears, edits)


def _poisson(mean: float, chance: random.Random) -> int:
    count, left = 0, chance.expovariate(1.0)
    while left < mean and count < 200:
        count, left = count + 1, left + chance.expovariate(1.0)
    return count


@dataclass(slots=True)
class Day:
    """What one day measured."""

    fetches: int = 0
    #: Visits by whole seconds of lateness.
    late: Counter[int] = field(default_factory=Counter)
    #: Edits that were met, and hours from each one to the visit that met it, summed up.
    edits: int = 0
    delay: float = 0.0
    #: Megabytes that the process holds at the end.
    memory: float = 0.0
    #: Seconds of processor time, and of those in fits of the policy.
    worked: float = 0.0
    fitted: float = 0.0


class Outlets:
    """Answers visits, and writes what an archive would have written."""

    def __init__(self, world: World, stores: Stores, delay: float, chosen: argparse.Namespace) -> None:
        self.world = world
        self.stores = stores
        self.delay = delay
        #: Days, and the moment after which no further one is begun.
        self.lasting: int = chosen.days
        self.until = time.monotonic() + chosen.minutes * 60
        self.days: dict[int, Day] = defaultdict(Day)
        self.smallest_gap = math.inf
        self._asked: dict[str, datetime] = {}
        self._seen = [0] * len(world.appears)
        self._versions = [0] * len(world.appears)
        self._captures = 0

    @property
    def today(self) -> Day:
        """Return the day that it is."""
        return self.days[int((self.stores.clock.now() - START) / timedelta(days=1))]

    def answer(self, visits: list[Visit]) -> list[Outcome]:
        """Visit addresses now."""
        now = self.stores.clock.now()
        hour = (now - START).total_seconds() / 3600
        day = self.today
        rows: dict[str, list[dict[str, object]]] = defaultdict(list)
        outcomes = []
        for visit in visits:
            if visit.host in self._asked:
                gap = (now - self._asked[visit.host]).total_seconds()
                self.smallest_gap = min(self.smallest_gap, gap)
            self._asked[visit.host] = now
            assert visit.due_at is not None
            day.fetches += 1
            day.late[int((now - visit.due_at).total_seconds())] += 1
            outcomes.append(self._visited(visit, now, hour, day, rows))
        self._write(rows)
        return outcomes

    def _visited(self, visit: Visit, now: datetime, hour: float, day: Day, rows: dict) -> Outcome:
        number = int(visit.uri.rpartition("-")[2])
        edits = self.world.edits[number]
        there = bisect.bisect_right(edits, hour)
        new = edits[self._seen[number] : there]
        self._seen[number] = there
        row = number + 1
        if self._versions[number] == 0:
            verdict = Verdict.FIRST
            rows["article"].append({"id": row, "uri": visit.uri, "source_id": visit.source_id, "headline": "", "first_seen_at": now, "last_seen_at": now, "versions": 1, "captures": 1, "history": ""})  # fmt: skip
            rows["bind"].append({"row": visit.row, "to": row})
        elif new:
            verdict = Verdict.EDIT
            day.edits += len(new)
            day.delay += sum(hour - edit for edit in new)
            self._captures += 1
            rows["event"].append({"id": f"{self._captures:032x}", "article_id": row, "source_id": visit.source_id, "kind": "edit", "disclosure": "unknown", "first_seen_at": now, "confirmed_at": now, "alert": True, "is_variant": False, "is_superseded": False, "from_version": self._versions[number], "to_version": self._versions[number] + 1, "words_added": 1, "words_removed": 0, "tracks": "[]", "headline": "", "summary": "", "detail": "{}"})  # fmt: skip
        else:
            verdict = Verdict.UNCHANGED
            rows["same"].append({"row": row, "version": self._versions[number], "at": now})
        if verdict is not Verdict.UNCHANGED:
            self._versions[number] += 1
            rows["version"].append({"article_id": row, "number": self._versions[number], "captured_at": now, "last_seen_at": now, "capture": f"{row:032x}", "content": "", "headline": "", "words": 1})  # fmt: skip
        rows["seen"].append({"row": row, "at": now, "count": self._versions[number]})
        self._captures += 1
        rows["capture"].append({"id": f"{self._captures:032x}", "captured_at": now, "url_id": visit.row, "article_id": row, "source_id": visit.source_id, "verdict": str(verdict), "record_type": "response", "record_id": "", "is_damaged": False, "rendition": "page"})  # fmt: skip
        return Outcome(status=200, verdict=verdict, article_id=row, ready_in=self.delay, gap=self.delay)

    def _write(self, rows: dict[str, list[dict[str, object]]]) -> None:
        with self.stores.catalogue.writing() as connection:
            for name, statement in STATEMENTS.items():
                if rows[name]:
                    connection.execute(statement, rows[name])


#: In the order in which rows need each other.
STATEMENTS = {
    "article": insert(article),
    "bind": update(url).where(url.c.id == bindparam("row")).values(article_id=bindparam("to")),
    "version": insert(version),
    "event": insert(event),
    "capture": insert(capture),
    "seen": update(article)
    .where(article.c.id == bindparam("row"))
    .values(last_seen_at=bindparam("at"), versions=bindparam("count")),
    "same": update(version)
    .where(version.c.article_id == bindparam("row"), version.c.number == bindparam("version"))
    .values(last_seen_at=bindparam("at")),
}


class Finder:
    """Puts articles under watch when their outlet is polled: every outlet once in two hours, one after the other."""

    def __init__(self, world: World, stores: Stores) -> None:
        self.world = world
        self.stores = stores
        self.rows = []
        #: The next article of each outlet, and how many polls there were.
        self._next = list(range(world.outlets))
        self._polls = 0
        with stores.catalogue.writing() as connection:
            for number in range(world.outlets):
                name = f"paper-{number}.example"
                new = Source(
                    name=name, url=f"https://{name}/", kind="outlet", is_paused=False, added_at=START
                )
                self.rows.append(sources.add_source(connection, new))

    def at(self) -> datetime:
        """Return when an outlet is polled next."""
        return START + POLLED * (self._polls / self.world.outlets)

    def find(self) -> None:
        """Watch what has appeared by now at the outlets whose turn has come."""
        now = self.stores.clock.now()
        hours = (now - START).total_seconds() / 3600
        named: dict[int, list[discovered.Named]] = {}
        while self.at() <= now:
            outlet = self._polls % self.world.outlets
            self._polls += 1
            if found := self._found(outlet, now, hours):
                named[outlet] = found
        if not named:
            return
        with self.stores.catalogue.writing() as connection:
            for outlet, some in named.items():
                discovered.add_named(connection, some, source_id=self.rows[outlet])

    def _found(self, outlet: int, now: datetime, hours: float) -> list[discovered.Named]:
        found = []
        host = f"paper-{outlet}.example"
        appears = self.world.appears
        while (number := self._next[outlet]) < len(appears) and appears[number] <= hours:
            self._next[outlet] += self.world.outlets
            found.append(
                discovered.Named(
                    uri=f"https://{host}/2026/07/story-{number}",
                    urlkey=f"{number}",
                    host=host,
                    identity=f"{number}",
                    due=now,
                )
            )
        return found


async def live(stores: Stores, clock: SimulatedClock, outlets: Outlets, finder: Finder, settings: Settings) -> None:  # fmt: skip
    """Let the days pass."""
    frontier = CatalogueFrontier(stores, pace_of(settings), Goal(once=False), owner="month", gap=settings.politeness_delay)  # fmt: skip
    end, fit, chance = START + timedelta(days=outlets.lasting), START + LOOK_AT_FIT, random.Random(2)
    while clock.time < end:
        finder.find()
        if clock.time >= fit:
            began = time.process_time()
            frontier.keep_pace(pace_of(settings, refit_if_due(stores, settings)))
            fit += LOOK_AT_FIT
            outlets.today.fitted += time.process_time() - began
        due: list[Visit] = []
        while visits := await frontier.claim(256):
            due += visits
        if due:
            for visit, outcome in zip(due, outlets.answer(due), strict=True):
                await frontier.settle(visit, outcome)
            await frontier.flush()
        with stores.catalogue.reading() as connection:
            ready = leases.next_ready(connection) or end
        day = int((clock.time - START) / timedelta(days=1))
        midnight = START + timedelta(days=day + 1)
        look = clock.time + timedelta(seconds=chance.uniform(SHORTEST_LOOK, LONGEST_LOOK))
        clock.time = max(look, min(ready, finder.at(), fit, midnight))
        if clock.time >= midnight:
            if time.monotonic() > outlets.until:
                outlets.lasting, end = day + 1, clock.time
            one = outlets.days[day]
            one.memory, one.worked = _memory(), time.process_time()
            print(f"  day {day + 1:>2}: {one.fetches:>9,} fetches, {one.memory:>6.0f} MB, {one.worked:>7.0f} s of processor time, {one.fitted:.1f} s of it in today's fits", file=sys.stderr, flush=True)  # fmt: skip


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def quantile(counted: Mapping[int, int], share: float) -> int:
    """Return a quantile of counted values; 0 of nothing."""
    left = share * sum(counted.values())
    for value in sorted(counted):
        left -= counted[value]
        if left <= 0:
            return value
    return 0


def plot(days: list[Day], budget: float) -> str:
    """Draw every day: fetches against the budget, lateness, memory."""
    rows = (
        ("fetches a day, line: the budget", [day.fetches for day in days], budget),
        ("p99 of lateness, seconds", [quantile(day.late, 0.99) for day in days], None),
        ("memory, MB", [day.memory for day in days], None),
    )
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 420" font-family="sans-serif" font-size="12">'
    ]
    for place, (title, values, line) in enumerate(rows):
        top, most = 20 + place * 135, max([*values, line or 0]) * 1.1 or 1
        parts.append(f'<text x="20" y="{top}">{title} (highest {max(values):,.0f})</text>')
        for number, value in enumerate(values):
            height = 95 * value / most
            parts.append(f'<rect x="{20 + number * 20}" y="{top + 105 - height:.1f}" width="16" height="{height:.1f}" fill="#4a6d8c"/>')  # fmt: skip
        if line:
            at = top + 105 - 95 * line / most
            parts.append(f'<line x1="20" x2="620" y1="{at:.1f}" y2="{at:.1f}" stroke="#b3261e"/>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    """Run and print one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--outlets", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--fetches", type=float, default=7.0, help="An article in the mean.")
    parser.add_argument("--days", type=int, default=DAYS, help="Of the month, from its begin on.")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="After so many no further day is begun."
    )
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--folder", type=Path, help="Where the catalogue is made.")
    chosen = parser.parse_args()
    budget = chosen.articles * chosen.fetches / DAYS
    settings = Settings(revisit_budget=budget)
    clock = SimulatedClock()
    world = World.made(chosen.outlets, chosen.articles, random.Random(1))
    began, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        stores = open_stores(Path(folder), clock=clock)
        outlets, finder = (
            Outlets(world, stores, settings.politeness_delay, chosen),
            Finder(world, stores),
        )
        asyncio.run(live(stores, clock, outlets, finder, settings))
        stores.close()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    days = [outlets.days[number] for number in range(outlets.lasting)]
    fetches = sum(day.fetches for day in days)
    off = [day.fetches / budget - 1 for day in days[1:]] or [0.0]
    late = sum((day.late for day in days), Counter())
    met, delay = sum(day.edits for day in days), sum(day.delay for day in days)
    fitted = sum(day.fitted for day in days)
    edits = sum(edit < outlets.lasting * 24 for one in world.edits for edit in one)
    print(f"{platform.machine()}, Python {platform.python_version()}, SQLite; {chosen.outlets:,} outlets, {chosen.articles:,} articles, {outlets.lasting} days; load {os.getloadavg()[1]:.1f}")  # fmt: skip
    for name, value in (
        ("fetches", f"{fetches:,} of {budget * outlets.lasting:,.0f} ({fetches / budget / outlets.lasting - 1:+.1%})"),
        ("a day against the budget, from the second on", f"{min(off):+.1%} to {max(off):+.1%}"),
        ("smallest gap of a host", f"{outlets.smallest_gap:.0f} s (delay {settings.politeness_delay:g} s)"),
        ("lateness p50, p99, worst", f"{quantile(late, 0.5):.0f} s, {quantile(late, 0.99):.0f} s, {max(late):.0f} s"),
        ("edits met, mean delay", f"{met:,} of {edits:,}, {delay / max(1, met):.1f} h"),
        ("memory after a sixth, half, the whole", ", ".join(f"{days[math.ceil(outlets.lasting / n) - 1].memory:.0f} MB" for n in (6, 2, 1))),
        ("wall and processor time", f"{wall / 60:.1f} min, {cpu / 60:.1f} min"),
        ("of it fits of the policy", f"{fitted / 60:.1f} min"),
        ("processor time a fetch, without fits", f"{(cpu - fitted) / fetches * 1e6:.0f} us"),
    ):  # fmt: skip
        print(f"{name:<46}{value}")
    if chosen.plot:
        chosen.plot.write_text(plot(days, budget))


if __name__ == "__main__":
    main()
