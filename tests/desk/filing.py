"""Dossiers with files, and the people around them, for the tests of files."""

from __future__ import annotations

import datetime as dt
import itertools

from django.contrib.auth import get_user_model

from catalogue.models import Agency, Posting
from desk.actors import Actor, Role, officer
from desk.models import Dossier
from tests import factories

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.timezone(dt.timedelta(hours=7)))
_numbers = itertools.count(1)


def a_person(role: str = "", agency: Agency | None = None):
    """Somebody who may log in; with a role, posted to an agency."""
    user = get_user_model().objects.create_user(f"person-{next(_numbers)}", password="x")
    if role:
        employer = "Bưu điện" if role == Role.CONTRACTOR else ""
        agency = agency or factories.AgencyFactory()
        Posting.objects.create(user=user, agency=agency, role=role, employer=employer)
    return user


def acting(user, at: dt.datetime = NOON) -> Actor:
    return officer(user, at)


def a_dossier(**values: object) -> Dossier:
    """A registered dossier of one agency, without its acts: files ask nothing of its past."""
    version = factories.VersionFactory()
    agency = values.pop("agency", None) or factories.AgencyFactory()
    number = next(_numbers)
    dossier = Dossier(
        **{
            "code": f"DEMO.48-260304-{number:04}",
            "procedure": version.procedure,
            "version": version,
            "received_by": agency,
            "decided_by": agency,
            "holder_agency": agency,
            "submitted_at": NOON,
            "tracking_token": f"token-{number}",
            **values,
        }
    )
    dossier.save(force_insert=True)
    return dossier
