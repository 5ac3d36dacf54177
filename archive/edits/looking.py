"""One capture as it is judged: what it shows, what it is compared with, and which blocks are known to be noise."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from archive.edits.blocks import restless_lines, without_blocks
from archive.edits.comparison import compare
from archive.edits.sentences import sentences_of
from archive.model import Comparison, Extraction, Observation, Verdict

__all__ = ["Contents", "Look", "Noise"]

#: Loads an extraction by its digest.
Contents = Callable[[str], Extraction]
#: Keys of an outlet's blocks that are of no article, and since when that is known: what came before is not touched.
Noise = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Look:
    """One capture under judgement."""

    article: str
    seen: Observation
    contents: Contents
    noise: Noise

    @property
    def content(self) -> str:
        """Digest of what it shows."""
        return self.seen.content or ""

    @property
    def shown(self) -> Extraction:
        """What it shows."""
        return self.contents(self.content)

    def difference(self, before: str, after: str, volatile: tuple[str, ...], at: datetime) -> Comparison:
        """Compare two contents, leaving out what was known at a moment to be noise."""
        old, new = self.contents(before), self.contents(after)
        change = compare(old, new)
        if change.verdict is not Verdict.EDIT:
            return change
        known = {*volatile, *(key for key, since in self.noise.items() if since < at)}
        return without_blocks(change, known, _lists(old, new, known)) if known else change


def _lists(old: Extraction, new: Extraction, known: AbstractSet[str]) -> set[str]:
    return {key for one in (old, new) for key in restless_lines(sentences_of(one.body), known)}
