"""The province that a catalogue is loaded for, and how texts name it and the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from catalogue.loading.output import LoadError
from catalogue.loading.sentences import Sentence
from catalogue.models import AdministrativeUnit
from catalogue.text import fold, nfc

# Some texts shorten the name of one city.
_SHORT_NAMES = {"hồ chí minh": ("tp.hcm", "tp hcm", "tphcm")}


@dataclass(frozen=True)
class Home:
    """The chosen province, and the names in small letters of those that a text isn't about."""

    province: AdministrativeUnit
    others: frozenset[str]

    def is_issuer(self, issuer: str | None) -> bool:
        """Tell whether «UBND …» is this province's People's Committee."""
        folded = fold(issuer or "")
        name = fold(self.province.bare_name)
        return folded.startswith("ubnd") and folded.endswith(f" {name}")


def present_provinces(code: str) -> dict[str, AdministrativeUnit]:
    """Return the provinces of today by code; raises LoadError if this code isn't among them."""
    present = AdministrativeUnit.objects.on(timezone.localdate()).filter(level="province")
    provinces = {unit.code: unit for unit in present}
    if not provinces:
        raise LoadError(Sentence(_("No places are loaded: run load_places first.")))
    if code not in provinces:
        codes = ", ".join(sorted(provinces, key=int))
        text = _("There is no province %(code)s: give one of %(codes)s in PROVINCE_CODE or after --province.")
        raise LoadError(Sentence(text, code=code, codes=codes))
    return provinces


def get_home(code: str) -> Home:
    """Return the present province of this code; raises LoadError if there is none."""
    provinces = present_provinces(code)
    known = {provinces[code].pk} | {unit.pk for unit in provinces.values() if unit.code == settings.PROVINCE_CODE}
    own_names = {_lowered(provinces[key]) for key in provinces if provinces[key].pk in known}
    names = {_lowered(unit) for unit in AdministrativeUnit.objects.filter(level="province")} - own_names
    names -= {_lowered(unit) for unit in AdministrativeUnit.objects.filter(became__new__in=known)}
    short = {name for full, shorts in _SHORT_NAMES.items() if full in names for name in shorts}
    return Home(provinces[code], frozenset(names | short))


def _lowered(unit: AdministrativeUnit) -> str:
    return nfc(unit.bare_name).lower()
