"""What can be asked of procedures: which are published, found, received, and in force on a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from catalogue.querysets import EditedQuerySet
from catalogue.text import fold, has_no_spaces_between_words, marked

MOST_WORDS = 200
"""Words of a query, each a condition: no name has more, and of a thousand conditions databases give up."""


class ProcedureQuerySet(EditedQuerySet):
    """Procedures; visibility is said here and nowhere else."""

    def live(self) -> ProcedureQuerySet:
        """Return the published rows; abolished ones stay readable."""
        return self.filter(live=True)

    def in_force(self) -> ProcedureQuerySet:
        """Return the rows that aren't abolished."""
        return self.filter(status="in_force")

    def of_province(self, code: str) -> ProcedureQuerySet:
        """Return the national rows done at province or commune level, and the province's own."""
        national = Q(province=None) & (Q(is_province_level=True) | Q(is_commune_level=True))
        return self.filter(national | Q(province__code=code))

    def public(self, province_code: str) -> ProcedureQuerySet:
        """Return what the portal of this province shows."""
        return self.live().of_province(province_code)

    def matching(self, query: str) -> ProcedureQuerySet:
        """Return the rows that hold every word of the query, with its marks if it has any.

        A word typed with marks is compared with marks, one typed without is compared folded;
        a code matches by its beginning. Chinese, Japanese and Korean words match inside a name too.
        An empty query asks nothing; one without letters finds nothing.
        """
        if not query.strip():
            return self
        words = marked(query).split()
        rows = self if 0 < len(words) <= MOST_WORDS else self.none()
        for word in words[:MOST_WORDS]:
            if has_no_spaces_between_words(word):
                rows = rows.filter(search_marked__contains=word)
            elif word == fold(word):
                rows = rows.filter(search_folded__contains=f" {word}")
            else:
                rows = rows.filter(search_marked__contains=f" {word}")
        return rows

    def settled_online(self) -> ProcedureQuerySet:
        """Return the rows with an online channel."""
        from catalogue.models import FilingChannel

        online = FilingChannel.objects.filter(procedure=OuterRef("pk"), kind=FilingChannel.Kind.ONLINE)
        return self.filter(Exists(online))

    def for_foreigners(self) -> ProcedureQuerySet:
        """Return the rows for foreign users that are settled in the province and have an online service.

        Công văn 4793/VPCP-KSTT asks for this list.
        """
        return self.in_force().filter(is_for_foreigners=True).settled_online()

    def received_by(self, centre: models.Model) -> ProcedureQuerySet:
        """Return what a centre receives: the rule of Nghị định 118/2025 Điều 14 and its exceptions."""
        from catalogue.models import AgencyRole, CentreException

        exceptions = CentreException.objects.filter(Q(centre=centre) | Q(centre=None))
        named = exceptions.filter(Q(procedure=OuterRef("pk")) | Q(field=OuterRef("field")))
        roles = AgencyRole.objects.filter(procedures=OuterRef("pk"))
        ours = Exists(roles.filter(is_vertical=False)) | ~Exists(roles)
        return (
            self.in_force()
            .filter(Exists(named.filter(receives=True)) | ours)
            .exclude(Exists(named.filter(receives=False)))
        )

    def for_page(self) -> ProcedureQuerySet:
        """Join and prefetch all that the page of one procedure shows."""
        from catalogue import models as m

        return self.select_related("field", "province", "decision", "replaced_by", "maintained_by").prefetch_related(
            "results",
            "audiences",
            "roles",
            "legal_basis",
            Prefetch("channels", m.FilingChannel.objects.prefetch_related("terms", "fees")),
            Prefetch("cases", m.Case.objects.prefetch_related("papers__form")),
            Prefetch("overlays", m.ProvinceProcedure.objects.select_related("decision", "agency", "province")),
            "routes",
        )
