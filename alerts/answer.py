"""How a receiver took a message."""

from dataclasses import dataclass

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a receiver took a message."""

    is_taken: bool
    #: HTTP status or SMTP code; None when nothing came back.
    status: int | None = None
    #: What went wrong, or "". A message that was taken may have a remark: "refused for one of ten".
    error: str = ""
    #: Seconds that the receiver asks to be left alone.
    retry_after: float = 0.0
    #: The receiver is gone for good, and says so.
    is_gone: bool = False
    #: It makes no sense to try this message again.
    is_final: bool = False
