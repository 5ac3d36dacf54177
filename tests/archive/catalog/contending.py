"""A worker in a process of its own: claims, commits, and now and then believes that another one is dead."""

import json
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from archive.catalog import frontier, leases
from archive.catalog.frontier import Settled
from archive.catalog.leases import Lease, Release
from archive.catalog.schema import frontier_url
from archive.opening import open_stores

START = datetime(2026, 7, 19, tzinfo=UTC)
LEASE = timedelta(minutes=15)


def main(home: Path, address: str, name: str, turns: int, seed: int) -> None:
    """
    Say that it is ready, wait for a word, and print what was committed, how often a lease was found lost, and what a commit under a good lease met changed.

    Each process has a clock of its own, which may be so far ahead that the others' leases have ended by it.
    """
    chance = random.Random(seed)
    stores = open_stores(home, catalogue=address)
    committed: Counter[int] = Counter()
    lost, changed, clock = 0, [], START
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for turn in range(turns):
        clock += timedelta(minutes=chance.choice([1, 5, 20]))
        token = leases.token_of(name, turn)
        with stores.catalogue.writing() as connection:
            claimed = leases.claim_hosts(connection, now=clock, until=clock + LEASE, token=token, limit=3)
            due = frontier.due_articles(connection, {one.host: 4 for one in claimed}, now=clock)
            idle = [Lease(one.host, token) for one in claimed if one.host not in due]
            leases.release_hosts(connection, [_ended(lease, clock) for lease in idle])
        if chance.random() < 0.5:
            with stores.catalogue.writing() as connection:
                leases.free_leases_of(connection, f"w{chance.randrange(8)}", clock)
        visits = {Lease(host, token): found for host, found in due.items()}
        with stores.catalogue.writing() as connection:
            held = leases.held_leases(connection, visits)
            lost += len(visits) - len(held)
            mine = [one for lease in held for one in visits[lease]]
            known = frontier_url.c
            rows = connection.execute(
                select(known.url_id, known.visits).where(known.url_id.in_([one.row for one in mine]))
            )
            now = {row[0]: row[1] for row in rows}
            changed += [one.row for one in mine if now[one.row] != one.visits]
            later = clock + timedelta(minutes=chance.choice([2, 10]))
            frontier.settle_urls(
                connection, [Settled(row=one.row, next_due=later, failures=0, reason=None) for one in mine]
            )
            leases.release_hosts(connection, [_ended(lease, clock) for lease in held])
        # Only now it is committed.
        committed.update(one.row for one in mine)
    stores.close()
    sys.stdout.write(json.dumps({"committed": committed, "lost": lost, "changed": changed}))


def _ended(lease: Lease, at: datetime) -> Release:
    return Release(lease=lease, not_before=at, delay=0.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
