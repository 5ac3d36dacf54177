"""
Conditions over an event, as data: tests of single fields, joined by all, any and not. Pure.

The table of fields below is the only place that knows them: the command line, rule files, messages and the
reference are made from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from alerts.errors import RuleError
from alerts.facts import Facts
from alerts.words import Words, words_of
from archive.model import Disclosure, EventKind, Severity, Track

__all__ = [
    "FIELDS",
    "All",
    "Any_",
    "Condition",
    "Field",
    "Not",
    "Reason",
    "Test",
    "explain",
    "read",
    "written",
]

#: A rule may not nest deeper, nor ask for more; both are far beyond what people write.
DEEPEST, MOST = 8, 400
#: Letters that one value may have.
LONGEST = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that can be asked of an event."""

    name: str
    #: "choice", "text", "glob", "words" or "number".
    kind: str
    help: str
    #: Tells whether one value holds.
    check: Callable[[Facts, Any], bool]
    #: What the event has, for people.
    found: Callable[[Facts], str]
    choices: tuple[str, ...] = ()
    #: How much looking it costs; cheap ones are asked first.
    cost: int = 0


def _listed(values: Sequence[str]) -> str:
    return ", ".join(values) or "none"


def _has_language(facts: Facts, wanted: str) -> bool:
    """Tell whether the article is in a language; `pt` covers `pt-BR`."""
    has, wanted = facts.language.casefold().replace("_", "-"), wanted.casefold().replace("_", "-")
    return has == wanted or has.startswith(wanted + "-")


def _has_author(facts: Facts, wanted: Words) -> bool:
    return any(wanted.are_in(name) for name in facts.authors)


def _in_section(facts: Facts, wanted: str) -> bool:
    return words_of(wanted) in facts.sections


def _is_young(facts: Facts, hours: float) -> bool:
    return facts.age_h is not None and facts.age_h <= hours


def _age(facts: Facts) -> str:
    return "unknown" if facts.age_h is None else f"{facts.age_h:.1f} hours"


#: Every field, in the order of the command line's options.
FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        Field(
            name="source",
            kind="text",
            help="Of this source.",
            check=lambda facts, value: facts.event.source == value,
            found=lambda facts: facts.event.source,
        ),
        Field(
            name="article",
            kind="glob",
            help="Articles whose address matches, with * for anything.",
            check=lambda facts, value: fnmatchcase(facts.event.article, value),
            found=lambda facts: facts.event.article,
            cost=1,
        ),
        Field(
            name="kind",
            kind="choice",
            help="Kind of event.",
            choices=tuple(EventKind),
            check=lambda facts, value: facts.event.kind == value,
            found=lambda facts: facts.event.kind,
        ),
        Field(
            name="severity",
            kind="choice",
            help="How much the edit changes what the article says.",
            choices=tuple(Severity),
            check=lambda facts, value: facts.event.severity == value,
            found=lambda facts: facts.event.severity or "none",
        ),
        Field(
            name="disclosure",
            kind="choice",
            help="Whether the outlet's own note accounts for the edit.",
            choices=tuple(Disclosure),
            check=lambda facts, value: facts.event.disclosure == value,
            found=lambda facts: facts.event.disclosure,
        ),
        Field(
            name="track",
            kind="choice",
            help="Part of the article that changed.",
            choices=tuple(Track),
            check=lambda facts, value: value in facts.event.tracks,
            found=lambda facts: _listed(facts.event.tracks),
        ),
        Field(
            name="contains",
            kind="words",
            help='All these words, or a "phrase", in headline, body, captions or notes, before or after.',
            check=lambda facts, value: facts.says(value),
            found=lambda _facts: "not in the text",
            cost=4,
        ),
        Field(
            name="headline",
            kind="words",
            help='All these words, or a "phrase", in the headline, before or after.',
            check=lambda facts, value: facts.is_headed(value),
            found=lambda facts: facts.event.headline,
            cost=3,
        ),
        Field(
            name="added",
            kind="words",
            help='All these words, or a "phrase", among the words that the edit brought.',
            check=lambda facts, value: value.are_more_in(facts.after, facts.before),
            found=lambda _facts: "not among the words that came",
            cost=2,
        ),
        Field(
            name="removed",
            kind="words",
            help='All these words, or a "phrase", among the words that the edit took.',
            check=lambda facts, value: value.are_more_in(facts.before, facts.after),
            found=lambda _facts: "not among the words that went",
            cost=2,
        ),
        Field(
            name="author",
            kind="words",
            help="All these words in an author's name.",
            check=_has_author,
            found=lambda facts: _listed([" ".join(name.split()) for name in facts.authors]),
            cost=3,
        ),
        Field(
            name="section",
            kind="text",
            help="Section, as the page names it or as a part of its address.",
            check=_in_section,
            found=lambda facts: _listed([" ".join(one) for one in facts.sections]),
            cost=3,
        ),
        Field(
            name="language",
            kind="text",
            help="Language of the article: `en`, `pt-BR`.",
            check=_has_language,
            found=lambda facts: facts.language or "unknown",
            cost=3,
        ),
        Field(
            name="min-words",
            kind="number",
            help="At least so many words added and removed.",
            check=lambda facts, value: facts.event.words_added + facts.event.words_removed >= value,
            found=lambda facts: f"{facts.event.words_added + facts.event.words_removed} words",
        ),
        Field(
            name="max-age-h",
            kind="number",
            help="At most so many hours after publication.",
            check=_is_young,
            found=_age,
            cost=3,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Test:
    """One field has one of the values."""

    field: str
    values: tuple[Any, ...]

    def holds(self, facts: Facts) -> bool:
        """Tell whether it holds."""
        check = FIELDS[self.field].check
        return any(check(facts, value) for value in self.values)

    @property
    def cost(self) -> int:
        """How much looking it costs."""
        return FIELDS[self.field].cost


@dataclass(frozen=True, slots=True)
class All:
    """All of the parts hold; without a part, everything does."""

    parts: tuple["Condition", ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Tell whether it holds."""
        return all(part.holds(facts) for part in self.parts)

    @property
    def cost(self) -> int:
        """How much looking it costs."""
        return max((part.cost for part in self.parts), default=0)


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - `Any` is typing's
    """At least one of the parts holds."""

    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        """Tell whether it holds."""
        return any(part.holds(facts) for part in self.parts)

    @property
    def cost(self) -> int:
        """How much looking it costs."""
        return max((part.cost for part in self.parts), default=0)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"

    def holds(self, facts: Facts) -> bool:
        """Tell whether it holds."""
        return not self.part.holds(facts)

    @property
    def cost(self) -> int:
        """How much looking it costs."""
        return self.part.cost


Condition = Test | All | Any_ | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one part of a condition holds or not."""

    holds: bool
    text: str
    #: How deep it is nested.
    depth: int


def read(table: Mapping[str, Any]) -> All:
    """
    Read conditions from a table: fields with one value or a list of alternatives, `any`, `all` and `not`.

    Raises:
        RuleError: something in it is unknown, of the wrong type, or too much.
    """
    found = _read(table, depth=0)
    if sum(len(test.values) for test in tests_of(found)) > MOST:
        raise RuleError(f"asks for more than {MOST} values; split it into several rules")
    return found


def written(condition: Condition) -> dict[str, Any]:
    """Return a condition as the table that `read` takes."""
    table: dict[str, Any] = {}
    for part in condition.parts if isinstance(condition, All) else (condition,):
        match part:
            case Test(field, values):
                plain = [value.written if isinstance(value, Words) else value for value in values]
                table[field] = plain[0] if FIELDS[field].kind == "number" else plain
            case Any_(parts):
                table.setdefault("any", []).extend(written(one) for one in parts)
            case All(parts):
                table.setdefault("all", []).append(written(part))
            case Not(inner):
                table.setdefault("not", []).append(written(inner))
    return table


def tests_of(condition: Condition) -> Iterator[Test]:
    """Yield every test of single fields."""
    match condition:
        case Test():
            yield condition
        case Not(part):
            yield from tests_of(part)
        case All(parts) | Any_(parts):
            for part in parts:
                yield from tests_of(part)


def explain(condition: Condition, facts: Facts, depth: int = 0) -> Iterator[Reason]:
    """Yield why each part holds or not, in reading order."""
    holds = condition.holds(facts)
    match condition:
        case Test(field, values):
            asked = " or ".join(value.written if isinstance(value, Words) else str(value) for value in values)
            tail = "" if holds and FIELDS[field].kind == "words" else f" (it is {FIELDS[field].found(facts)})"
            if not holds and FIELDS[field].cost in (2, 4):
                tail = f" ({FIELDS[field].found(facts)})"
            yield Reason(holds=holds, text=f"{field} {asked}{tail}", depth=depth)
        case Not(part):
            yield Reason(holds=holds, text="not:", depth=depth)
            yield from explain(part, facts, depth + 1)
        case Any_(parts):
            yield Reason(holds=holds, text="any of:", depth=depth)
            for part in parts:
                yield from explain(part, facts, depth + 1)
        case All(parts):
            if depth:
                yield Reason(holds=holds, text="all of:", depth=depth)
            for part in parts:
                yield from explain(part, facts, depth + bool(depth))


def _read(table: Mapping[str, Any], depth: int) -> All:
    if depth > DEEPEST:
        raise RuleError(f"is nested more than {DEEPEST} deep")
    parts: list[Condition] = []
    for name, value in table.items():
        field = name.replace("_", "-")
        if name == "any":
            parts.append(Any_(tuple(_read(one, depth + 1) for one in _tables(name, value))))
        elif name == "all":
            parts += [_read(one, depth + 1) for one in _tables(name, value)]
        elif name == "not":
            parts += [Not(_read(one, depth + 1)) for one in _tables(name, value)]
        elif field in FIELDS:
            parts.append(_test(FIELDS[field], value))
        else:
            near = get_close_matches(field, [*FIELDS, "any", "all", "not"], n=1, cutoff=0.4)
            hint = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(FIELDS)}"
            raise RuleError(f"`{name}`: no such condition; {hint}")
    return All(tuple(sorted(parts, key=lambda part: part.cost)))


def _tables(name: str, value: Any) -> list[Mapping[str, Any]]:
    tables = value if isinstance(value, list) else [value]
    if not tables or not all(isinstance(one, Mapping) for one in tables):
        raise RuleError(f'`{name}` takes tables of conditions, such as `{{ severity = "material" }}`')
    return tables


def _test(field: Field, value: Any) -> Test:
    values = list(value) if isinstance(value, list | tuple) else [value]
    if not values:
        raise RuleError(f"`{field.name}` is an empty list; leave it out to ask for anything")
    return Test(field.name, tuple(_value(field, one) for one in values))


def _value(field: Field, value: Any) -> Any:
    if field.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise RuleError(f"`{field.name}` takes a number that is not negative, not {value!r}")
        return value
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"`{field.name}` takes a text, not {value!r}")
    if len(value) > LONGEST:
        raise RuleError(f"`{field.name}`: {len(value)} letters are more than {LONGEST}")
    if field.kind == "choice" and value not in field.choices:
        raise RuleError(f"`{field.name}`: {value!r} is none of {', '.join(field.choices)}")
    if field.kind == "words":
        try:
            return Words.parse(value)
        except ValueError as error:
            raise RuleError(f"`{field.name}`: {error}") from error
    return str(value)
