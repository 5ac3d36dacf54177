"""
How fast two versions of an article are compared: prints one table.

Run `python benchmarks/compare_versions.py`. The texts are made up, 800 words each, and new for every pair, so that
nothing is remembered from the pair before.
"""

import platform
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version

from archive.edits import compare, diff
from archive.model import Extraction, PageKind

TEXT = (
    "river council said that Mayor Ruiz would plan 23 storm across 1,400 homes Monday review end relationship not "
    "the a of in to and for with on at by from as it was were has had its their after before while police court"
)
WORDS = TEXT.split()
PAIRS = 400


def article(random_: random.Random) -> Extraction:
    """Make up 800 words in 20 paragraphs."""
    sentence = lambda: "The " + " ".join(random_.choices(WORDS, k=18)) + f" {random_.random():.6f}."  # noqa: E731 - used here only
    body = tuple(" ".join(sentence() for _ in range(2)) for _ in range(20))
    return Extraction(page_kind=PageKind.ARTICLE, headline=sentence(), body=body)


def reworded(one: Extraction, random_: random.Random) -> Extraction:
    """Change one word."""
    return _with(one, random_, lambda text: text.replace("The ", "Some ", 1))


def three_changes(one: Extraction, random_: random.Random) -> Extraction:
    """Change, add and remove a sentence."""
    body = list(reworded(one, random_).body)
    body.insert(random_.randrange(20), f"Nobody was hurt, {random_.random()} officials said on Tuesday.")
    del body[random_.randrange(20)]
    return replace(one, body=tuple(body))


def moved(one: Extraction, random_: random.Random) -> Extraction:
    """Move a paragraph to the end."""
    body = list(one.body)
    body.append(body.pop(random_.randrange(10)))
    return replace(one, body=tuple(body))


def rewritten(one: Extraction, _random: random.Random) -> Extraction:
    """Change a word in every sentence."""
    return replace(one, body=tuple(text.replace("The ", "Some ") for text in one.body))


def _with(one: Extraction, random_: random.Random, change: Callable[[str], str]) -> Extraction:
    place = random_.randrange(20)
    return replace(one, body=(*one.body[:place], change(one.body[place]), *one.body[place + 1 :]))


CASES = {
    "nothing changed": lambda one, _random: replace(one),
    "one word": reworded,
    "a sentence changed, one added, one removed": three_changes,
    "a paragraph moved": moved,
    "a word in every sentence": rewritten,
    "another article": lambda _one, random_: article(random_),
}


def main() -> None:
    """Print pairs a second for each kind of change."""
    print(f"Python {platform.python_version()}, rapidfuzz {version('rapidfuzz')}, {platform.machine()}")
    print(f"{'800-word versions, one core':46}{'compare':>12}{'diff':>12}   pairs/s")
    for name, change in CASES.items():
        speeds = [_speed(work, change) for work in (compare, diff)]
        print(f"{name:46}{speeds[0]:>12,.0f}{speeds[1]:>12,.0f}")
    sys.stdout.flush()


def _speed(work: Callable[[Extraction, Extraction], object], change: Callable[..., Extraction]) -> float:
    random_ = random.Random(7)
    pairs = [(one, change(one, random_)) for one in (article(random_) for _ in range(PAIRS))]
    start = time.process_time()
    for before, after in pairs:
        work(before, after)
    return PAIRS / (time.process_time() - start)


if __name__ == "__main__":
    main()
