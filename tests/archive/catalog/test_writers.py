"""Who writes to a catalogue, and who has it alone: many or one, on every engine, in real processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.catalog.catalogue import ALONE, TOGETHER, Catalogue, Writer, lock_of
from archive.errors import CatalogueInUseError
from archive.opening import open_stores

pytestmark = pytest.mark.timeout(60)

ANN = Writer(name="a" * 12, what="`work` (process 1 on ann)")
BOB = Writer(name="b" * 12, what="`run` (process 2 on bob)")
CYD = Writer(name="c" * 12, what="`rebuild` (process 3 on cyd)")
CHILD = """
import sys
from pathlib import Path
from archive.opening import as_writer, open_stores
with as_writer(open_stores(Path(sys.argv[1]), catalogue=sys.argv[2]), "work"):
    print("here", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def opened(tmp_path: Path, catalogue_url: str) -> Iterator[Callable[[], Catalogue]]:
    """Open one catalogue again and again, as other processes would."""
    made: list[Catalogue] = []

    def open_one() -> Catalogue:
        made.append(open_stores(tmp_path, catalogue=catalogue_url).catalogue)
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def test_many_write_and_who_wants_it_alone_is_told_who(opened: Callable[[], Catalogue]) -> None:
    """Both are named, and what to do about them; once they have ended it can be had."""
    ann, bob, cyd = opened(), opened(), opened()
    with ann.among_writers(ANN):
        with bob.among_writers(BOB), pytest.raises(CatalogueInUseError) as both, cyd.without_writers(CYD):
            pass
        with pytest.raises(CatalogueInUseError) as one, cyd.without_writers(CYD):
            pass
    with cyd.without_writers(CYD):
        pass

    assert (ANN.what in str(both.value), BOB.what in str(both.value)) == (True, True)
    assert ALONE in str(both.value)
    assert ANN.what in one.value.holders


def test_nobody_begins_to_write_while_one_has_it_alone(opened: Callable[[], Catalogue]) -> None:
    """Neither a writer nor another one who wants it alone; both are told by whom. Readers read."""
    ann, cyd, dan = opened(), opened(), opened()
    with cyd.without_writers(CYD):
        with pytest.raises(CatalogueInUseError) as told, ann.among_writers(ANN):
            pass
        with pytest.raises(CatalogueInUseError) as same, dan.without_writers(BOB):
            pass
        with ann.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM source").scalar() == 0
    with ann.among_writers(ANN), dan.among_writers(BOB):
        pass

    assert told.value.holders == same.value.holders == (CYD.what,)
    assert TOGETHER in str(told.value)


def test_a_place_is_given_back_when_its_holder_fails(opened: Callable[[], Catalogue]) -> None:
    """An error in the block is the caller's, and nobody stays named."""
    message = "no"
    for hold in (opened().among_writers(ANN), opened().without_writers(CYD)):
        with pytest.raises(ValueError, match=message), hold:
            raise ValueError(message)

    with opened().without_writers(CYD):
        pass


def test_a_writer_is_known_as_living_by_its_name(opened: Callable[[], Catalogue]) -> None:
    """On a catalogue of many the name is its lock, which nobody gets before it ends."""
    ann, bob = opened(), opened()
    with ann.among_writers(ANN), bob.alone(lock_of(ANN.name)) as while_it_lives:
        pass
    with bob.alone(lock_of(ANN.name)) as after:
        pass

    assert (while_it_lives, after) == (not ann.is_shared, True)


def test_a_process_that_is_killed_keeps_nobody_out(
    opened: Callable[[], Catalogue], tmp_path: Path, catalogue_url: str
) -> None:
    """It is named with its pid while it lives; its place is free as soon as the engine has noticed its end."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, tmp_path, catalogue_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "here\n"
    catalogue = opened()
    with pytest.raises(CatalogueInUseError) as told, catalogue.without_writers(CYD):
        pass
    child.kill()
    child.communicate()

    assert f"`work` (process {child.pid} on" in str(told.value)
    while not _is_free(catalogue):
        pass  # the test's time is the bound


def _is_free(catalogue: Catalogue) -> bool:
    try:
        with catalogue.without_writers(CYD):
            return True
    except CatalogueInUseError:
        return False
