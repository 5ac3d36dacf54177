"""
Whether a source's words about changes (`updated`, `lastmod`) are worth a visit. Pure.

Some outlets touch every date at every deployment. A word brings a visit forward while such visits meet changes
more often than blind ones do; the plan's own visits stay blind, so that what signals miss is always measured.
"""

from dataclasses import dataclass

__all__ = ["SignalRecord", "are_heeded", "missed_share", "told"]

#: Visits that a source's words are believed for, before they have to prove themselves.
TRIAL = 20
#: Share of all visits that must be blind.
BLIND = 0.1
#: What is counted.
COUNTS = ("signalled", "signalled_right", "blind", "blind_right")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRecord:
    """How a source's signals did so far."""

    #: Visits that a signal brought forward, and those of them that met a change.
    signalled: int = 0
    signalled_right: int = 0
    #: The same for visits that no signal asked for.
    blind: int = 0
    blind_right: int = 0

    def after(self, *, signalled: bool, right: bool) -> "SignalRecord":
        """Return the record with one visit more."""
        return SignalRecord(
            signalled=self.signalled + signalled,
            signalled_right=self.signalled_right + (signalled and right),
            blind=self.blind + (not signalled),
            blind_right=self.blind_right + (not signalled and right),
        )

    def since(self, before: "SignalRecord") -> dict[str, int]:
        """Return by how much each count grew."""
        return {name: getattr(self, name) - getattr(before, name) for name in COUNTS}


def are_heeded(record: SignalRecord) -> bool:
    """Tell whether a word of this source brings a visit forward."""
    if record.signalled < TRIAL:
        return True
    if record.blind < BLIND * (record.signalled + record.blind):
        return False
    # Compared by products: a share of nothing is no share.
    return record.signalled_right * max(record.blind, 1) > record.blind_right * record.signalled


def told(record: SignalRecord) -> str:
    """Return in words how far a source's words about changes can be believed, and what follows from it."""
    seen = f"{_of(record.signalled_right, record.signalled)} they asked for, {_of(record.blind_right, record.blind)} made blindly"
    missed = missed_share(record)
    unsaid = f"; {missed:.0%} of the changes were not announced" if missed is not None else ""
    if not record.signalled:
        return "none yet: its feeds and sitemaps have announced no change of a known article"
    if record.signalled < TRIAL:
        return f"on trial, {TRIAL - record.signalled} visits to go; changes met: {seen}{unsaid}"
    if are_heeded(record):
        kept = "heeded"
    elif record.blind < BLIND * (record.signalled + record.blind):
        kept = "not heeded, until more visits were made blindly to compare them with"
    else:
        kept = "not heeded, because the visits they ask for meet no more changes than others"
    return f"{kept}; changes met: {seen}{unsaid}"


def _of(right: int, visits: int) -> str:
    return f"on {right} of {visits} visits"


def missed_share(record: SignalRecord) -> float | None:
    """Return the share of changes that blind visits met, of all that were met; None when none were."""
    met = record.signalled_right + record.blind_right
    return record.blind_right / met if met else None
