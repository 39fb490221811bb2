"""Facets of the list of procedures: each option's count is what choosing it would show."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalogue.models import AgencyRole, Audience, Field, FilingChannel, Procedure
from portal.texts import Text, text
from portal.typed import clean

KEYS = ("field", "level", "agency", "audience", "channel", "online", "foreign")
FIRST = 8
"""How many options a facet shows before «more»."""
LONGEST_VALUE = 100
FEW = 200
"""Up to this many candidates the database is asked for theirs alone."""


@dataclass(frozen=True)
class Option:
    """One choice: its label, its count and the address that chooses or drops it."""

    label: Text
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its options, the most frequent first."""

    key: str
    title: str
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        """Return the options shown at once."""
        return self.options[:FIRST]

    @property
    def more(self) -> list[Option]:
        """Return the options folded under «more»."""
        return self.options[FIRST:]


@dataclass
class Rows:
    """The candidate procedures and each facet's values of each (three queries)."""

    order: list[int] = field(default_factory=list)
    values: dict[str, dict[int, set[str]]] = field(default_factory=lambda: {key: defaultdict(set) for key in KEYS})


LEVELS = {
    "commune": "is_commune_level",
    "province": "is_province_level",
    "ministry": "is_ministry_level",
    "other": "is_other_level",
}


def read(procedures: list[dict[str, object]]) -> Rows:
    """Collect the facet values of the candidates, given as dicts of their columns in list order."""
    rows = Rows(order=[row["pk"] for row in procedures])  # type: ignore[misc]
    known = set(rows.order)
    for row in procedures:
        pk: int = row["pk"]  # type: ignore[assignment]
        rows.values["field"][pk].add(str(row["field__slug"]))
        rows.values["level"][pk] |= {name for name, column in LEVELS.items() if row[column]}
        rows.values["online"][pk].add(str(row["online_level"]))
        rows.values["foreign"][pk] |= {"1"} if row["is_for_foreigners"] else set()
    pairs = (
        ("agency", Procedure.roles.through.objects.values_list("procedure_id", "agencyrole__code")),
        ("audience", Procedure.audiences.through.objects.values_list("procedure_id", "audience__code")),
        ("channel", FilingChannel.objects.values_list("procedure_id", "kind")),
    )
    for key, query in pairs:
        if len(known) <= FEW:
            query = query.filter(procedure__in=known)
        for pk, value in query.order_by():
            if pk in known:
                rows.values[key][pk].add(value)
    return rows


def chosen(params: QueryDict) -> dict[str, str]:
    """Return the facet values in the address, one a facet."""
    values = {key: clean(str(params.get(key, "")), LONGEST_VALUE) for key in KEYS}
    return {key: value for key, value in values.items() if value}


def select(rows: Rows, choice: dict[str, str], *, leaving_out: str = "") -> list[int]:
    """Return the candidates that fit every choice but one."""
    tests = [(rows.values[key], value) for key, value in choice.items() if key != leaving_out]
    return [pk for pk in rows.order if all(value in values.get(pk, ()) for values, value in tests)]


def build(rows: Rows, choice: dict[str, str], kept: dict[str, str]) -> list[Facet]:
    """Return the facets with their counts. `kept` is what else stands in the address."""
    labels = all_labels()
    if "online" not in choice and set().union(*rows.values["online"].values()) <= {Procedure.OnlineLevel.UNKNOWN}:
        labels.pop("online")  # One choice, «not known», which is everything: nothing to choose.
    titles = {
        "level": _("Level"),
        "field": _("Field"),
        "audience": _("Who for"),
        "channel": _("Way to file"),
        "online": _("Online level"),
        "agency": _("Agency"),
        "foreign": _("Foreign users"),
    }
    return [facet(key, title, rows, choice, kept, labels[key]) for key, title in titles.items() if key in labels]


def facet(
    key: str, title: str, rows: Rows, choice: dict[str, str], kept: dict[str, str], labels: dict[str, Text]
) -> Facet:
    """Return one facet, its counts over what the other facets leave."""
    counts = Counter(value for pk in select(rows, choice, leaving_out=key) for value in rows.values[key].get(pk, ()))
    if key in choice:
        counts.setdefault(choice[key], 0)
    options = []
    for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        is_chosen = choice.get(key) == value
        after = {k: v for k, v in choice.items() if k != key} | ({} if is_chosen else {key: value})
        options.append(Option(labels.get(value, Text(value, "")), count, encode(kept | after), is_chosen))
    options.sort(key=lambda option: not option.is_chosen)
    return Facet(key, title, options)


def encode(params: dict[str, str]) -> str:
    """Return the query string of an address, keys in a fixed order so that one choice has one address."""
    query = QueryDict(mutable=True)
    for key in sorted(params):
        query[key] = params[key]
    return f"?{query.urlencode()}" if params else "?"


def all_labels() -> dict[str, dict[str, Text]]:
    """Return every option's label in the reader's language (three queries)."""
    own = {str(value): Text(str(label), "") for value, label in Procedure.OnlineLevel.choices}
    return {
        "field": {row.slug: text(row, "name") for row in Field.objects.all()},
        "agency": {row.code: text(row, "name") for row in AgencyRole.objects.all()},
        "audience": {row.code: text(row, "name") for row in Audience.objects.all()},
        "channel": {str(value): Text(str(label), "") for value, label in FilingChannel.Kind.choices},
        "level": {
            "commune": Text(_("Commune"), ""),
            "province": Text(_("Province"), ""),
            "ministry": Text(_("Ministry"), ""),
            "other": Text(_("Other body"), ""),
        },
        "online": own,
        "foreign": {"1": Text(_("Open to foreign users"), "")},
    }
