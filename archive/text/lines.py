"""Tells lines that are of no article by their words: advert labels, pointers to other pages, counters and ages."""

import re

from archive.text.outline import Block
from archive.text.wording import wording

__all__ = ["is_advert_label", "is_counter", "leads_elsewhere", "tells_age"]

MARKS = " !?….\t»›>→▶►●•*|–—-:·+«‹\"“”„'[](){}【】▷☞➡↓"
#: Longer lines are read by themselves, whatever they begin with.
LONGEST_LABEL = 60
LONGEST_LEAD = 300
LONGEST_COUNTER = 120
WORDS = re.compile(r"[^\W\d_]+")
#: Longer words say something; a counter leaves few of them.
SMALL, FEW = 3, 2
NUMBER = re.compile(r"\d")
ADDRESS = re.compile(r"^https?://\S+$")


def is_advert_label(text: str) -> bool:
    """Tell whether a line is the label of an advert."""
    lower = text[: LONGEST_LABEL + 1].lower().strip(MARKS)
    label = wording().adverts.at_start(lower)
    return bool(label) and len(lower) <= max(len(label) + 12, 3)


def leads_elsewhere(block: Block) -> bool:
    """Tell whether a line points the reader to another page."""
    text = block.text
    if len(text) > LONGEST_LEAD:
        return False
    lead = wording().leads.at_start(text[:80].lower().strip(MARKS))
    if not lead:
        return bool(ADDRESS.match(text))
    behind = text.strip(MARKS)[len(lead) :]
    # Alone on its line, set off by a sign, or about a link: else it is how a sentence begins.
    return (
        not behind.strip(MARKS)
        or behind.lstrip(" ")[:1] in (":", "|", "–", "-", "»", "→", "：", ">")
        or block.linked > 0.3 * len(text)
    )


def tells_age(text: str) -> bool:
    """Tell whether a line anywhere says how old something is, or how often it was read."""
    return bool(NUMBER.search(text)) and bool(wording().ages.search(text.lower()))


def is_counter(text: str) -> bool:
    """Tell whether a line counts something, or says how old the page is, and hardly anything else."""
    if len(text) > LONGEST_COUNTER or not NUMBER.search(text):
        return False
    rest, found = wording().ages.subn(" ", text.lower())
    return bool(found) and len([word for word in WORDS.findall(rest) if len(word) > SMALL]) <= FEW
