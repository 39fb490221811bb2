"""What only the demo has: people, a service point with hours, a hotline, an urgent notice. All begin with DEMO."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from wagtail.models import Locale

from catalogue.models import Centre, Hotline, OpeningHours, ServicePoint
from catalogue.models.procedures import column_suffixes
from portal.models import NoticePage, SectionPage, User
from portal.site.plan import FOLDER, KEYS, planned_pages

CENTRE = "phuong-cam-le"
MARK = "DEMO"
PEOPLE = {"admin": True, "editor": False}
"""Name → whether it is a superuser."""
HOURS = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0)))


@cache
def _texts() -> dict[str, Any]:
    return json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))


def make_people() -> int:
    """Make the log-ins that are missing; their passwords lie in a file that only its owner reads."""
    path = Path(settings.VAR_DIR) / "demo-accounts.txt"
    known = _read_passwords(path)
    if not known:
        known = {name: secrets.token_urlsafe(12) for name in PEOPLE}
        _write_private(path, "".join(f"{name} {password}\n" for name, password in known.items()))
        User.objects.filter(username__in=PEOPLE).delete()
    made = 0
    for name, is_superuser in PEOPLE.items():
        if User.objects.filter(username=name).exists():
            continue
        user = User(username=name, is_superuser=is_superuser, is_staff=is_superuser, first_name=MARK)
        user.set_password(known[name])
        user.save()
        made += 1
        if not is_superuser:
            user.groups.add(_editors())
    return made


def _read_passwords(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    found = dict(line.split(" ", 1) for line in path.read_text().splitlines() if " " in line)
    return found if set(PEOPLE) <= set(found) else {}


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _editors() -> Group:
    """Return Wagtail's group of editors, who may also draft procedures, centres and hotlines; nobody may publish."""
    group, _made = Group.objects.get_or_create(name="Editors")
    drafted = [f"{verb}_{kind}" for verb in ("add", "change") for kind in ("procedure", "centre", "hotline")]
    names = [*drafted, "view_procedureversion", "access_admin"]
    group.permissions.add(*Permission.objects.filter(codename__in=names))
    return group


def make_point() -> int:
    """Give a commune centre a service point with hours; leave a centre with an open draft alone."""
    if ServicePoint.objects.filter(name_vi__startswith=MARK).exists():
        return 0
    local = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE, level=Centre.Level.COMMUNE)
    centre = local.filter(slug=CENTRE).first() or local.first()
    if centre is None or centre.has_unpublished_changes:
        return 0
    point = ServicePoint.objects.create(
        centre=centre, kind=ServicePoint.Kind.HELP, address=_texts()["point_address"], **_columns("name", "point")
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(centre=centre, point=point, weekday=day, opens=opens, closes=closes)
        for day in range(5)
        for opens, closes in HOURS
    )
    Centre.objects.get(pk=centre.pk).save_revision(log_action=True).publish()
    return 1


def make_hotline() -> int:
    """Give the provincial centre a hotline with a number that nobody has."""
    if Hotline.objects.filter(label_vi__startswith=MARK).exists():
        return 0
    centres = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE)
    centre = centres.filter(level=Centre.Level.PROVINCE).first() or centres.first()
    if centre is None:
        return 0
    hotline = Hotline.objects.create(
        centre=centre,
        phone=_texts()["hotline_phone"],
        is_round_the_clock=True,
        languages="vi,en",
        **_columns("label", "hotline"),
    )
    hotline.save_revision().publish()
    return 1


def make_notices() -> int:
    """Put an urgent notice into each language's section of notices."""
    section_key = next(plan.translation_key for plan in planned_pages() if plan.key == "notices")
    key, made = uuid.uuid5(KEYS, "demo/notice"), 0
    for language, text in _texts()["notice"].items():
        locale = Locale.objects.filter(language_code=language).first()
        section = SectionPage.objects.filter(translation_key=section_key, locale=locale).first()
        if section is None or NoticePage.objects.filter(translation_key=key, locale=locale).exists():
            continue
        page = NoticePage(
            locale=locale,
            translation_key=key,
            title=text["title"],
            slug="demo",
            summary=text["summary"],
            is_urgent=True,
            body=[{"type": "paragraph", "value": f"<p>{text['text']}</p>"}],
            live=False,
        )
        section.add_child(instance=page)
        page.save_revision().publish()
        made += 1
    return made


def _columns(name: str, key: str) -> dict[str, str]:
    texts = {language.replace("-", "_"): text for language, text in _texts()[key].items()}
    return {f"{name}_{suffix}": texts[suffix] for suffix in column_suffixes() if suffix in texts}
