"""What rules may know of an event, worked out when first asked for. Pure: texts come through a function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from alerts.words import Words, joined, plain, plain_of_folded, words_of
from archive.model import Event, NoteChange
from archive.search import fold

__all__ = ["Around", "Facts", "Indexed"]

#: Tells whether a plain phrase stands before or after an event, in its text or (true) in its headline.
Indexed = Callable[[str, bool], bool]


@dataclass(frozen=True, slots=True)
class Around:
    """The article around an event."""

    #: Contents as they are kept, before and after; fewer where there is none.
    contents: Sequence[Mapping[str, Any]] = ()
    #: When the article was first captured.
    first_seen_at: datetime | None = None


class Facts:
    """One event, and its article's texts if they are asked for."""

    def __init__(self, event: Event, load: Callable[[], Around], indexed: Indexed | None = None) -> None:
        self.event = event
        self._load = load
        self._indexed = indexed

    @cached_property
    def around(self) -> Around:
        """The article before and after."""
        return self._load()

    @cached_property
    def text(self) -> str:
        """Headline, dek, body, captions and notes before and after, plain: what `archive.search.fields_of` indexes."""
        return joined(plain(part) for part in self._parts)

    def says(self, words: Words) -> bool:
        """Tell whether headline, dek, body, captions or notes hold words; only parts that can are brought to plain form."""
        if self._indexed is not None:
            return self._is_indexed(words, in_headline=False)
        if "text" in self.__dict__:
            return words.are_in(self.text)
        return all(
            any(
                all(word in text for word in phrase.split()) and phrase in plain_of_folded(text)
                for text in self._folded
            )
            for phrase in words.phrases
        )

    def is_headed(self, words: Words) -> bool:
        """Tell whether the headline before or after holds words."""
        if self._indexed is not None:
            return self._is_indexed(words, in_headline=True)
        return words.are_in(self.headlines)

    def _is_indexed(self, words: Words, *, in_headline: bool) -> bool:
        assert self._indexed is not None  # noqa: S101 - asked by the callers
        # The event's own headline counts too: an event of no version has no other text.
        return all(
            self._indexed(phrase, in_headline) or phrase in self._own_headline for phrase in words.phrases
        )

    @cached_property
    def _own_headline(self) -> str:
        return plain(self.event.headline)

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(part) for part in self._parts]

    @cached_property
    def _parts(self) -> list[str]:
        parts = [self.event.headline]
        for said in self.around.contents:
            parts += [str(said.get("headline") or ""), str(said.get("dek") or ""), *(said.get("body") or ())]
            parts += [note["text"] for note in said.get("notes") or ()]
            parts += [entry[part] for entry in said.get("entries") or () for part in ("headline", "text")]
            parts += said.get("captions") or ()
        # Most paragraphs stand in both versions.
        return list(dict.fromkeys(parts))

    @cached_property
    def headlines(self) -> str:
        """The headline before and after, plain."""
        said = [str(one.get("headline") or "") for one in self.around.contents]
        return joined(plain(one) for one in dict.fromkeys([self.event.headline, *said]))

    @cached_property
    def before(self) -> str:
        """What the changed sentences and notes said before, plain."""
        return joined(
            [plain(one.before) for one in self.event.operations]
            + [plain(one.note.text) for one in self.event.notes if one.change is NoteChange.REMOVED]
        )

    @cached_property
    def after(self) -> str:
        """What they say after, plain."""
        return joined(
            [plain(one.after) for one in self.event.operations]
            + [plain(one.note.text) for one in self.event.notes if one.change is not NoteChange.REMOVED]
        )

    @cached_property
    def authors(self) -> list[str]:
        """The authors' names, plain."""
        return [
            plain(name)
            for name in dict.fromkeys(n for one in self.around.contents for n in one.get("authors") or ())
        ]

    @cached_property
    def sections(self) -> list[list[str]]:
        """Words of the section that the page names, and of the parts of its address."""
        named = [str(one["section"]) for one in self.around.contents if one.get("section")]
        path = [unquote(part) for part in urlsplit(self.event.article).path.split("/")[:-1] if part]
        return [words_of(one) for one in dict.fromkeys([*named, *path])]

    @cached_property
    def language(self) -> str:
        """The language that the page names, or ""."""
        return next(
            (str(one["language"]) for one in reversed(self.around.contents) if one.get("language")), ""
        )

    @cached_property
    def age_h(self) -> float | None:
        """Hours from publication to the event; from the first capture where the page names no date."""
        begun = self._published() or self.around.first_seen_at
        return None if begun is None else (self.event.first_seen_at - begun).total_seconds() / 3600

    def _published(self) -> datetime | None:
        for said in reversed(self.around.contents):
            try:
                moment = datetime.fromisoformat(said.get("published_at") or "")
            except ValueError:
                continue
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return None
