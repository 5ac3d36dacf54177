"""
The numbers under which captures keep their states.

A number that was given once stays: catalogues on disk have it. New states get the next one.
"""

from archive.catalog.columns import Coded
from archive.model import PageKind, RecordType, RedirectAim, Verdict

__all__ = ["PAGE_KIND", "RECORD_TYPE", "REDIRECT_AIM", "VERDICT"]

VERDICT = Coded(
    (
        (Verdict.UNCHANGED, 0),
        (Verdict.FIRST, 1),
        (Verdict.COSMETIC, 2),
        (Verdict.METADATA, 3),
        (Verdict.EDIT, 4),
        (Verdict.LIVE, 5),
        (Verdict.VARIANT, 6),
        (Verdict.BLOCKED, 7),
        (Verdict.SUSPECT, 8),
        (Verdict.MISSING, 9),
        (Verdict.REMOVED, 10),
        (Verdict.RESTORED, 11),
        (Verdict.MOVED, 12),
        (Verdict.REDIRECT, 13),
    )
)
RECORD_TYPE = Coded(((RecordType.REVISIT, 0), (RecordType.RESPONSE, 1), (RecordType.REQUEST_ONLY, 2)))
PAGE_KIND = Coded(
    (
        (PageKind.ARTICLE, 0),
        (PageKind.LIVEBLOG, 1),
        (PageKind.PAYWALLED, 2),
        (PageKind.CONSENT, 3),
        (PageKind.CHALLENGE, 4),
        (PageKind.LOGIN, 5),
        (PageKind.NOT_FOUND, 6),
        (PageKind.LISTING, 7),
        (PageKind.EMPTY, 8),
        (PageKind.ERROR, 9),
    )
)
REDIRECT_AIM = Coded(
    (
        (RedirectAim.SAME, 0),
        (RedirectAim.HOME, 1),
        (RedirectAim.SECTION, 2),
        (RedirectAim.ELSEWHERE, 3),
        (RedirectAim.OFFSITE, 4),
    )
)
