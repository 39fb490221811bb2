"""What is found of the catalogue: live procedures, centres, hotlines and old places of the portal's province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zlib import crc32

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils import timezone

from catalogue.models import (
    AdministrativeUnit,
    Case,
    Centre,
    Hotline,
    Procedure,
    ProcedureResult,
    RequiredPaper,
)
from catalogue.place_finder import changes_into, provinces_of
from catalogue.text import display_name, fold
from search.documents import (
    BODY,
    CENTRE,
    EVERYDAY,
    HOTLINE,
    NAME,
    PLACE,
    PROCEDURE,
    SITUATION,
    VIETNAMESE,
    Document,
    Text,
    register,
)
from search.models import EverydayWords, SituationProcedure
from search.models.words import lines

LONGEST_BODY = 12_000
"""Letters of papers, cases and results that are indexed of one procedure."""
AT_ONCE = 400
ABROAD = "nuoc ngoai"


def register_all() -> None:
    """Let search know the catalogue's kinds."""
    register(PROCEDURE, procedures, procedure_stamps)
    register(CENTRE, centres, centre_stamps)
    register(HOTLINE, hotlines, hotline_stamps)
    register(PLACE, places, place_stamps)


def languages() -> list[str]:
    """Return the portal's languages, Vietnamese first."""
    return [code for code, _name in settings.LANGUAGES]


def column(name: str, language: str) -> str:
    """Return the column of a translated text."""
    return f"{name}_{language.replace('-', '_')}"


def wanted(keys: Iterable[str] | None) -> list[str] | None:
    """Return what names the rows of the keys: «procedure:1.001193» gives «1.001193»."""
    return None if keys is None else [key.partition(":")[2] for key in keys]


def checksum(texts: Iterable[str | None]) -> str:
    """Return a few letters that change when a text does."""
    return f"{crc32(chr(0).join(text or '' for text in texts).encode()):08x}"


# Procedures


def procedures(keys: Iterable[str] | None) -> Iterator[Document]:
    """Yield the live procedures (eight queries a batch of 400)."""
    rows = Procedure.objects.public(settings.PROVINCE_CODE)
    codes = wanted(keys)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    stamps = procedure_stamps(codes)
    highest = Procedure.objects.aggregate(most=Max("importance"))["most"] or 1
    pks = list(rows.order_by("code").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        batch = pks[start : start + AT_ONCE]
        names = [column("name", language) for language in languages()]
        chosen = (
            rows.filter(pk__in=batch)
            .select_related("field")
            .prefetch_related("roles", "audiences")
            .order_by("code")
            .only("code", "short_name", "importance", "roles_text", "field", *names)
        )
        words, situations, bodies = everyday(batch), needed_in(batch), papers_and_results(batch)
        for row in chosen:
            texts = [Text(NAME, VIETNAMESE, row.code), *named(row), *words[row.pk], *situations[row.pk]]
            texts.append(Text(BODY, VIETNAMESE, body(row, texts, bodies[row.pk])))
            key = f"{PROCEDURE}:{row.code}"
            yield Document(
                key,
                PROCEDURE,
                stamps[key],
                tuple(texts),
                titles(row),
                weight=row.importance / highest,
                is_abroad=ABROAD in fold(row.name_vi or ""),
            )


def named(row: Any) -> Iterator[Text]:
    """Yield the row's names in every language it has one, and its short name."""
    for language in languages():
        if name := getattr(row, column("name", language)):
            yield Text(NAME, language, display_name(name) if language == VIETNAMESE else name)
    if getattr(row, "short_name", ""):
        yield Text(NAME, VIETNAMESE, row.short_name)


def titles(row: Any) -> dict[str, str]:
    """Return the row's title by language."""
    names = {language: getattr(row, column("name", language)) for language in languages()}
    return {language: display_name(name) for language, name in names.items() if name}


def everyday(pks: Sequence[int]) -> dict[int, list[Text]]:
    """Return what people type for each procedure."""
    found: dict[int, list[Text]] = defaultdict(list)
    rows = EverydayWords.objects.filter(procedure__in=pks, language__in=languages())
    for pk, language, phrases in rows.values_list("procedure", "language", "phrases"):
        found[pk] += [Text(EVERYDAY, language, phrase) for phrase in lines(phrases)]
    return found


def needed_in(pks: Sequence[int]) -> dict[int, list[Text]]:
    """Return the situations that need each procedure."""
    found: dict[int, list[Text]] = defaultdict(list)
    rows = SituationProcedure.objects.filter(procedure__in=pks, situation__language__in=languages())
    columns = ("procedure", "sort_order", "situation__language", "situation__phrases")
    for pk, rank, language, phrases in rows.values_list(*columns):
        found[pk] += [Text(SITUATION, language, phrase, rank) for phrase in lines(phrases)]
    return found


def papers_and_results(pks: Sequence[int]) -> dict[int, list[str]]:
    """Return what a procedure's cases, papers and results are called (three queries)."""
    found: dict[int, list[str]] = defaultdict(list)
    queries = (
        Case.objects.filter(procedure__in=pks).values_list("procedure", "label_vi"),
        RequiredPaper.objects.filter(case__procedure__in=pks).values_list("case__procedure", "name_vi"),
        ProcedureResult.objects.filter(procedure__in=pks).values_list("procedure", "name_vi"),
    )
    for query in queries:
        for pk, text in query:
            if text:
                found[pk].append(text[:300])
    return found


def body(row: Any, texts: Sequence[Text], parts: Sequence[str]) -> str:
    """Return all that is said of a procedure in Vietnamese, each line once: what people say first."""
    said = [text.text for text in texts if text.language == VIETNAMESE and not text.rank]
    roles = [role.name_vi or "" for role in row.roles.all()]
    audiences = [audience.name_vi or "" for audience in row.audiences.all()]
    told = [row.name_vi or "", row.field.name_vi or "", *said, *roles, row.roles_text, *audiences, *parts]
    return "\n".join(dict.fromkeys(filter(None, told)))[:LONGEST_BODY]


def procedure_stamps(codes: Iterable[str] | None = None) -> dict[str, str]:
    """Return when each live procedure, its everyday words and its situations changed last (three queries).

    Its names are told too: a change from a shell sets no time.
    """
    rows = Procedure.objects.public(settings.PROVINCE_CODE)
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    names = [column("name", language) for language in languages()]
    columns = ("code", "updated_at", "importance", "short_name", *names)
    found = {
        code: [f"{changed}", str(importance), checksum(texts)]
        for code, changed, importance, *texts in rows.values_list(*columns)
    }
    words = EverydayWords.objects.values("procedure__code").annotate(n=Count("pk"), last=Max("updated_at"))
    needs = SituationProcedure.objects.values("procedure__code").annotate(
        n=Count("pk"), last=Max("situation__updated_at")
    )
    for query in (words.order_by(), needs.order_by()):
        for code, number, last in query.values_list("procedure__code", "n", "last"):
            if code in found:
                found[code].append(f"{number} {last}")
    return {f"{PROCEDURE}:{code}": " ".join(parts) for code, parts in found.items()}


# Centres and hotlines


def centres(keys: Iterable[str] | None) -> Iterator[Document]:
    """Yield the live centres with their addresses and the old names of their areas."""
    rows = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE).select_related("place")
    slugs = wanted(keys)
    if slugs is not None:
        rows = rows.filter(slug__in=slugs)
    stamps, chosen = centre_stamps(), list(rows)
    changes = changes_into({row.place_id for row in chosen}, timezone.localdate())
    old = {place: [change.old.name for change in found] for place, found in changes.items()}
    for row in chosen:
        key = f"{CENTRE}:{row.slug}"
        names = [*named(row), Text(EVERYDAY, VIETNAMESE, f"một cửa {row.place.name}")]
        names += [Text(EVERYDAY, VIETNAMESE, f"trung tâm hành chính công {row.place.name}")]
        names += [Text(EVERYDAY, VIETNAMESE, f"ủy ban {row.place.name}")]
        about = "\n".join(filter(None, [row.address, row.place.name, *old.get(row.place_id, ())]))
        yield Document(key, CENTRE, stamps[key], (*names, Text(BODY, VIETNAMESE, about)), titles(row), weight=0.3)


def centre_stamps() -> dict[str, str]:
    """Return when each live centre changed last."""
    rows = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE)
    names = [column("name", language) for language in languages()]
    columns = ("slug", "updated_at", "live_revision", "address", *names)
    return {
        f"{CENTRE}:{slug}": f"{at} {revision} {checksum(texts)}"
        for slug, at, revision, *texts in rows.values_list(*columns)
    }


HOTLINE_WORDS = {
    "vi": ("đường dây nóng", "tổng đài hỗ trợ", "số điện thoại hotline", "gọi điện phản ánh kiến nghị"),
    "en": ("hotline", "hotline number", "phone number", "call centre"),
    "zh-hans": ("热线", "热线电话", "电话号码", "咨询电话"),
    "ko": ("핫라인", "상담전화", "전화번호", "콜센터"),
    "ja": ("ホットライン", "電話番号", "相談窓口の電話", "コールセンター"),
}


def hotlines(keys: Iterable[str] | None) -> Iterator[Document]:
    """Yield the public hotlines."""
    rows = Hotline.objects.filter(pk__in=hotline_pks()).select_related("centre", "agency")
    pks = wanted(keys)
    if pks is not None:
        rows = rows.filter(pk__in=[pk for pk in pks if pk.isdigit()])
    stamps = hotline_stamps()
    for row in rows:
        key = f"{HOTLINE}:{row.pk}"
        labels = [getattr(row, column("label", language)) for language in languages()]
        texts = [Text(NAME, lang, label) for lang, label in zip(languages(), labels, strict=True) if label]
        of = getattr(row.centre or row.agency, "name_vi", "")
        texts += [Text(EVERYDAY, lang, phrase) for lang, phrases in HOTLINE_WORDS.items() for phrase in phrases]
        texts.append(Text(BODY, VIETNAMESE, f"{of}\n{row.phone}"))
        shown = {lang: label for lang, label in zip(languages(), labels, strict=True) if label} | {"phone": row.phone}
        yield Document(key, HOTLINE, stamps[key], tuple(texts), shown, weight=0.2)


def hotline_pks() -> Any:
    """Return the hotlines of this province's centres and agencies."""
    code = settings.PROVINCE_CODE
    own = Hotline.objects.filter(centre__province__code=code, centre__live=True)
    return (own | Hotline.objects.filter(agency__isnull=False)).values("pk")


def hotline_stamps() -> dict[str, str]:
    """Return what each hotline says, as its stamp."""
    rows = Hotline.objects.filter(pk__in=hotline_pks())
    labels = [column("label", language) for language in languages()]
    columns = ("pk", "phone", *labels, "centre__name_vi", "agency__name_vi")
    return {f"{HOTLINE}:{pk}": " ".join(map(str, parts)) for pk, *parts in rows.values_list(*columns)}


# Old places


def places(keys: Iterable[str] | None) -> Iterator[Document]:
    """Yield the provinces, districts and communes that became part of this province."""
    pks = wanted(keys)
    rows = old_units()
    if pks is not None:
        rows = rows.filter(pk__in=[pk for pk in pks if pk.isdigit()])
    for row in rows.select_related("parent", "province"):
        around = dict.fromkeys(unit.name for unit in (row.parent, row.province) if unit and unit.pk != row.pk)
        inside = ", ".join(around)
        texts = (
            Text(NAME, VIETNAMESE, row.name),
            Text(EVERYDAY, VIETNAMESE, f"{row.name} {inside}"),
            Text(BODY, VIETNAMESE, f"{row.name}\n{inside}\nsáp nhập xã phường cũ\n{row.code}"),
        )
        yield Document(f"{PLACE}:{row.pk}", PLACE, row.name, texts, {"vi": row.name, "inside": inside})


def old_units() -> Any:
    """Return the provinces that were merged into this one under another name, and all old districts and communes."""
    today, level = timezone.localdate(), AdministrativeUnit.Level
    own = provinces_of(settings.PROVINCE_CODE, today)
    names = AdministrativeUnit.objects.on(today).filter(level=level.PROVINCE, pk__in=own).values("name")
    return AdministrativeUnit.objects.filter(
        Q(level__in=[level.DISTRICT, level.COMMUNE], valid_to__lte=today, province__in=own)
        | Q(level=level.PROVINCE, pk__in=own, valid_to__lte=today) & ~Q(name__in=names)
    )


def place_stamps() -> dict[str, str]:
    """Return the name of each old place, as its stamp."""
    return {f"{PLACE}:{pk}": name for pk, name in old_units().values_list("pk", "name")}
