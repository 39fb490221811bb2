"""Rows for tests: a trait a state, Vietnamese names, nothing random."""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256

import factory
from django.conf import settings
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from catalogue import models
from catalogue.models.places import TWO_TIER_FROM
from portal import models as pages

PAGE_SLUGS = {
    "procedures": ("thu-tuc", "procedures"),
    "centres": ("trung-tam", "centres"),
    "places": ("noi-cu", "places"),
    "hotlines": ("duong-day-nong", "hotlines"),
    "foreign": ("nguoi-nuoc-ngoai", "foreign-users"),
}
PAGE_KINDS = {
    "procedures": pages.ProcedureIndexPage,
    "centres": pages.CentreIndexPage,
    "places": pages.PlaceFinderPage,
    "hotlines": pages.HotlineIndexPage,
    "foreign": pages.ForeignUsersPage,
}


def make_pages(*languages: str) -> dict[tuple[str, str], Page]:
    """Make the index pages in these languages (all, if none is named); return them by (language, name)."""
    codes = languages or tuple(code for code, _name in settings.LANGUAGES)
    root = Page.objects.get(depth=1)
    found: dict[tuple[str, str], Page] = {}
    for code in codes:
        locale, _made = Locale.objects.get_or_create(language_code=code)
        shared = {"locale": locale, "live": True}
        home = root.add_child(instance=pages.HomePage(title=f"Home {code}", slug=code, **shared, **key(found, "home")))
        found[code, "home"] = home
        for name, kind in PAGE_KINDS.items():
            slug = PAGE_SLUGS[name][code != "vi"]
            page = kind(title=f"{name} {code}", slug=slug, **shared, **key(found, name))
            found[code, name] = home.add_child(instance=page)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": found[codes[0], "home"]}
    )
    Site.clear_site_root_paths_cache()
    return found


def key(found: dict[tuple[str, str], Page], name: str) -> dict[str, object]:
    """Return the translation key that the page of another language has."""
    return next(({"translation_key": page.translation_key} for (_code, n), page in found.items() if n == name), {})


class ProvinceFactory(DjangoModelFactory):
    class Meta:
        model = models.AdministrativeUnit
        django_get_or_create = ("level", "code", "valid_from")

    level = "province"
    code = settings.PROVINCE_CODE
    name = "Thành phố Đà Nẵng"
    kind = "thành phố"
    valid_from = TWO_TIER_FROM


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = models.AdministrativeUnit

    class Params:
        old = factory.Trait(valid_from=None, valid_to=TWO_TIER_FROM, province=None, parent=None)

    level = "commune"
    code = factory.Sequence(lambda n: str(40000 + n))  # Far from the codes that tests write out.
    name = factory.Sequence(lambda n: f"Phường Số {n}")
    kind = "phường"
    province = factory.SubFactory(ProvinceFactory)
    parent = factory.SelfAttribute("province")
    valid_from = TWO_TIER_FROM
    valid_to = None


class FieldFactory(DjangoModelFactory):
    class Meta:
        model = models.Field
        django_get_or_create = ("slug",)

    slug = "ho-tich"
    name_vi = "Hộ tịch"


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = models.AgencyRole

    class Params:
        vertical = factory.Trait(is_vertical=True)

    code = factory.Sequence(lambda n: f"so-{n}")
    name_vi = factory.Sequence(lambda n: f"Sở Số {n}")
    level = "province"


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = models.Agency

    name_vi = factory.Sequence(lambda n: f"Cơ quan {n}")
    kind = "department"
    place = factory.SubFactory(ProvinceFactory)


class AudienceFactory(DjangoModelFactory):
    class Meta:
        model = models.Audience

    class Params:
        foreign = factory.Trait(is_foreign=True, name_vi="Người nước ngoài")

    code = factory.Sequence(lambda n: f"nhom-{n}")
    name_vi = factory.Sequence(lambda n: f"Nhóm {n}")


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.Decision

    number = factory.Sequence(lambda n: f"{90000 + n}/QĐ-BTP")
    issuer = "Bộ Tư pháp"


class TermFactory(DjangoModelFactory):
    class Meta:
        model = models.Term

    class Params:
        unknown = factory.Trait(number=None, unit="unknown", text_vi="Theo quy định")

    key = factory.Sequence(lambda n: f"t{n}")
    number = 3
    unit = "working_day"


class FeeItemFactory(DjangoModelFactory):
    class Meta:
        model = models.FeeItem

    class Params:
        unknown = factory.Trait(amount=None, certainty="unknown")

    key = factory.Sequence(lambda n: f"f{n}")
    kind = "charge"
    amount = 50_000
    certainty = "stated"


class FilingChannelFactory(DjangoModelFactory):
    class Meta:
        model = models.FilingChannel
        skip_postgeneration_save = True

    key = factory.SelfAttribute("kind")
    kind = "counter"
    term = factory.RelatedFactory(TermFactory, "channel")
    fee = factory.RelatedFactory(FeeItemFactory, "channel")


class RequiredPaperFactory(DjangoModelFactory):
    class Meta:
        model = models.RequiredPaper

    class Params:
        unclassified = factory.Trait(kind="unclassified", originals=0, copies=0)

    key = factory.Sequence(lambda n: f"p{n}")
    name_vi = factory.Sequence(lambda n: f"Giấy tờ {n}")
    kind = "paper"
    originals = 1
    copies = 0


class CaseFactory(DjangoModelFactory):
    class Meta:
        model = models.Case
        skip_postgeneration_save = True

    key = factory.Sequence(lambda n: f"c{n}")
    paper = factory.RelatedFactory(RequiredPaperFactory, "case")


class ProcedureFactory(DjangoModelFactory):
    """A published national procedure of commune level, in force; without children unless a trait says so."""

    class Meta:
        model = models.Procedure
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(live=False)
        abolished = factory.Trait(status="abolished")
        own = factory.Trait(province=factory.SubFactory(ProvinceFactory), is_commune_level=False)
        elsewhere = factory.Trait(
            province=factory.SubFactory(ProvinceFactory, code="75", name="Tỉnh Đồng Nai"), is_commune_level=False
        )
        with_channels = factory.Trait(
            counter=factory.RelatedFactory(FilingChannelFactory, "procedure", kind="counter"),
            online=factory.RelatedFactory(FilingChannelFactory, "procedure", kind="online", sort_order=1),
        )
        with_papers = factory.Trait(case=factory.RelatedFactory(CaseFactory, "procedure"))
        foreign = factory.Trait(
            is_for_foreigners=True,
            with_channels=True,
            portal_url=factory.LazyAttribute(lambda row: f"https://dichvucong.gov.vn/thu-tuc/{row.code}"),
        )

    code = factory.Sequence(lambda n: f"1.{900_000 + n}")  # Far from the codes that tests write out.
    name_vi = factory.Sequence(lambda n: f"Thủ tục đăng ký số {n}")
    field = factory.SubFactory(FieldFactory)
    live = True
    is_commune_level = True
    updated_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def roles(self, create: bool, extracted: list[models.AgencyRole] | None, **kwargs: object) -> None:
        """Take the competent authorities: `roles=[…]`."""
        if extracted:
            models.Procedure.roles.through.objects.bulk_create(
                models.Procedure.roles.through(procedure=self, agencyrole=role) for role in extracted
            )

    @factory.post_generation
    def audiences(self, create: bool, extracted: list[models.Audience] | None, **kwargs: object) -> None:
        """Take who may apply: `audiences=[…]`."""
        if extracted:
            models.Procedure.audiences.through.objects.bulk_create(
                models.Procedure.audiences.through(procedure=self, audience=audience) for audience in extracted
            )


class VersionFactory(DjangoModelFactory):
    class Meta:
        model = models.ProcedureVersion

    procedure = factory.SubFactory(ProcedureFactory)
    number = 1
    content = factory.LazyAttribute(lambda row: {"name": row.procedure.name_vi, "number": row.number})
    digest = factory.LazyAttribute(lambda row: sha256(json.dumps(row.content).encode()).hexdigest())
    recorded_at = dt.datetime(2026, 7, 17, tzinfo=dt.UTC)


class CentreFactory(DjangoModelFactory):
    """A published commune centre with an address."""

    class Meta:
        model = models.Centre

    class Params:
        draft = factory.Trait(live=False)
        without_address = factory.Trait(address="", latitude=None, longitude=None)

    slug = factory.Sequence(lambda n: f"trung-tam-{n}")
    name_vi = factory.Sequence(lambda n: f"Trung tâm Phục vụ hành chính công số {n}")
    level = "commune"
    place = factory.SubFactory(CommuneFactory)
    province = factory.SelfAttribute("place.province")
    address = factory.Sequence(lambda n: f"{n} Lê Duẩn")
    latitude = "16.067800"
    longitude = "108.220800"
    live = True


class NoticeFactory(DjangoModelFactory):
    """A published urgent notice of the whole province, in force for a day around now."""

    class Meta:
        model = models.Notice

    class Params:
        draft = factory.Trait(live=False)
        over = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=2)),
            ends_at=factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=1)),
        )

    level = "urgent"
    title_vi = factory.Sequence(lambda n: f"Thông báo số {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(hours=12))
    ends_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=12))
    live = True


class HotlineFactory(DjangoModelFactory):
    class Meta:
        model = models.Hotline

    centre = factory.SubFactory(CentreFactory)
    label_vi = "Hỗ trợ nộp hồ sơ"
    phone = factory.Sequence(lambda n: f"0236 3{n:06}")
    live = True
