"""A child that looks at a home's captures again and is killed at a named step of writing what it found."""

import sys
from dataclasses import replace
from pathlib import Path

from archive.ingest.reprocessing import reprocess
from tests.archive.ingest.killed import Death, MortalBlobs, MortalCatalogue
from tests.archive.ingest.test_restating import TODAY
from tests.archive.paper import opened


def main(home: Path, step: str, turn: int) -> None:
    """Reprocess, and die."""
    stores = opened(home)
    death = Death(step, turn)
    mortal = replace(
        stores,
        catalogue=MortalCatalogue(stores.catalogue, death),  # type: ignore[arg-type]  # nothing is rebuilt here
        blobs=MortalBlobs(home / "warc", death),
    )
    reprocess(mortal, TODAY)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
