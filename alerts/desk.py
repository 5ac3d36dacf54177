"""What a person sees of alerts: rules with what they matched, channels and how they fare, deliveries, mutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.channels import masked
from alerts.errors import UnknownNameError
from alerts.outbox import rules_of
from alerts.rules import Rule
from archive.catalog import alerts, deliveries
from archive.catalog.alerts import ChannelRow, MuteRow
from archive.catalog.deliveries import WAITING, DeliveryFilter, DeliveryRow
from archive.opening import Stores

__all__ = ["ChannelState", "Delivered", "Desk", "RuleState"]

#: Letters of one condition that are shown.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule and how often it matched, as far as deliveries are kept."""

    rule: Rule
    matched: int = 0
    matched_at: datetime | None = None

    @property
    def words(self) -> str:
        """Its conditions in a line, and when it is sent."""
        said = []
        for key, value in self.rule.table().items():
            if key == "to":
                continue
            shown = " or ".join(map(str, value)) if isinstance(value, list) else str(value)
            said.append(f"{key} {shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + '…'}")
        return "; ".join(said) or "every edit"


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel, and how many messages it got, waits for and lost."""

    channel: ChannelRow
    waiting: int
    sent: int
    dead: int

    @property
    def address(self) -> str:
        """Where it goes, without what must not be shown."""
        return masked(self.channel.url)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery and the ids of its events."""

    row: DeliveryRow
    events: Sequence[str]


class Desk:
    """The alerts of an opened home, for reading."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def rules(self) -> list[RuleState]:
        """Return every rule, by name."""
        with self._stores.catalogue.reading() as connection:
            matches = alerts.matches_of_rules(connection)
            return [
                RuleState(rule, found.count, found.last_at)
                if (found := matches.get(rule.name))
                else RuleState(rule)
                for rule in rules_of(connection)
            ]

    def rule(self, name: str) -> RuleState:
        """Return one rule; UnknownNameError when there is none of that name."""
        found = next((one for one in self.rules() if one.rule.name == name), None)
        if found is None:
            raise UnknownNameError("rule", name, "rules")
        return found

    def matched(self, rule: str, *, limit: int) -> list[str]:
        """Return the ids of the events that a rule matched last, newest first."""
        with self._stores.catalogue.reading() as connection:
            return alerts.events_of_rule(connection, rule, limit=limit)

    def channels(self) -> list[ChannelState]:
        """Return every channel, by name."""
        with self._stores.catalogue.reading() as connection:
            return [
                _fares(one, deliveries.count_by_state(connection, one.name))
                for one in alerts.all_channels(connection).values()
            ]

    def mutes(self) -> list[MuteRow]:
        """Return what is muted now."""
        with self._stores.catalogue.reading() as connection:
            return alerts.mutes_at(connection, self._stores.clock.now())

    def deliveries(
        self, wanted: DeliveryFilter, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Delivered]:
        """Return deliveries, newest first; `after` is when the last one of the page before was made, and its id."""
        with self._stores.catalogue.reading() as connection:
            rows = deliveries.deliveries(connection, wanted, limit=limit, newest_first=True, after=after)
            events = deliveries.events_of(connection, [one.id for one in rows])
        return [Delivered(one, events.get(one.id, ())) for one in rows]


def _fares(channel: ChannelRow, counts: dict[str, int]) -> ChannelState:
    return ChannelState(
        channel,
        waiting=sum(counts.get(state, 0) for state in WAITING),
        sent=counts.get("sent", 0),
        dead=counts.get("dead", 0),
    )
