"""How good extraction is on the acceptance kit's real pages: floors that only rise."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(os.environ.get("LATEEDITION_KIT") or "no-kit") / "extraction"
#: Stored figures; raise them when extraction got better, never lower them without saying why.
FLOORS = Path(__file__).with_name("floors.json")


@pytest.mark.kit
@pytest.mark.timeout(900)
@pytest.mark.skipif(not KIT.exists(), reason="LATEEDITION_KIT does not name the acceptance kit")
def test_extraction_is_as_good_as_it_was(tmp_path: Path) -> None:
    """No figure of the kit falls below the one stored."""
    command = Path(sys.executable).with_name("lateedition")
    done = subprocess.run(
        [
            sys.executable,
            str(KIT / "run.py"),
            "--json",
            "--floor",
            str(FLOORS),
            "--set",
            "zyte,fundus,traf,notes_real,notes_injected,stability,page_kind",
        ],
        env={**os.environ, "LATEEDITION": str(command), "LATEEDITION_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert json.loads(done.stdout)["failed"] == []
