"""The wheel holds what the program needs at run time, not only its modules."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_files_that_are_no_modules_are_in_the_wheel(tmp_path: Path) -> None:
    """Templates, styles, word lists and migrations come along."""
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    rooms = [path.parent for path in ROOT.glob("*/__init__.py")]
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in room.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
    assert wanted - packed == set()
    assert "lateedition/web/templates/article.html" in packed
