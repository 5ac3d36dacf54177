"""Eight workers in processes of their own on one frontier: no visit is lost, and none is counted for two."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalog import discovered, leases, sources
from archive.catalog.schema import frontier_host, frontier_url
from archive.model import Source
from archive.opening import open_stores
from tests.archive.catalog.contending import START

pytestmark = pytest.mark.timeout(180)

WORKERS, TURNS, HOSTS, ADDRESSES = 8, 40, 6, 4


def test_what_eight_processes_commit_is_what_stands_there(tmp_path: Path, catalogue_url: str) -> None:
    """
    Though leases end while they are held, and workers are believed dead that live.

    Whoever commits finds every address as the claim had it, and each visit that a worker counted is in the row.
    """
    stores = open_stores(tmp_path, catalogue=catalogue_url)
    with stores.catalogue.writing() as connection:
        new = Source(name="s", url="https://s.example", kind="site", is_paused=False, added_at=START)
        row = sources.add_source(connection, new)
        places = [(f"h{host}.example", number) for host in range(HOSTS) for number in range(ADDRESSES)]
        named = [
            discovered.Named(
                uri=f"https://{host}/{number}", urlkey="", host=host, identity=f"{host}/{number}", due=START
            )
            for host, number in places
        ]
        discovered.add_named(connection, named, source_id=row)

    script = Path(__file__).with_name("contending.py")
    workers = [
        subprocess.Popen(
            [sys.executable, script, tmp_path, catalogue_url, f"w{number}", str(TURNS), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            env={"PYTHONPATH": str(Path(__file__).parents[3])},
            text=True,
        )
        for number in range(WORKERS)
    ]
    # All are up before any begins.
    assert [one.stdout.readline() for one in workers if one.stdout] == ["ready\n"] * WORKERS
    for one in workers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [json.loads(one.communicate()[0]) for one in workers]

    counted: Counter[int] = Counter()
    for one in told:
        counted.update({int(row): times for row, times in one["committed"].items()})
    with stores.catalogue.writing() as connection:
        visits = dict(connection.execute(select(frontier_url.c.url_id, frontier_url.c.visits)).all())
        # What a worker holds that was believed dead is nobody's for ever: its lease ends.
        claimed = leases.claim_hosts(
            connection,
            now=START + timedelta(days=9),
            until=START + timedelta(days=10),
            token="last.1",
            limit=99,
        )
        hosts = set(connection.execute(select(frontier_host.c.host)).scalars())
    stores.close()

    assert [one["changed"] for one in told] == [[]] * WORKERS
    assert counted == visits
    assert {one.host for one in claimed} == hosts
    assert sum(counted.values()) > 0
