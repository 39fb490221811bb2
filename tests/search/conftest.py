"""What the tests of search share: a few procedures that are found, and an editor who may teach."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from catalogue.models import Procedure
from portal.models import User
from search import life
from search.models import JudgedQuery
from tests.factories import ProcedureFactory

NAMES = {
    "1.001193": "Đăng ký khai sinh",
    "1.000894": "Đăng ký kết hôn",
    "1.000656": "Đăng ký khai tử",
    "1.004873": "Cấp giấy xác nhận tình trạng hôn nhân",
    "1.012790": "Cấp giấy chứng nhận quyền sử dụng đất lần đầu",
    "2.000635": "Cấp bản sao trích lục hộ tịch",
    "1.013040": "Thông báo khởi công xây dựng công trình",
    "1.001612": "Đăng ký thành lập hộ kinh doanh",
}


@pytest.fixture
def procedures(db) -> dict[str, Procedure]:
    """A few procedures by code, indexed."""
    rows = {code: ProcedureFactory(code=code, name_vi=name) for code, name in NAMES.items()}
    life.rebuild()
    return rows


@pytest.fixture
def judged(procedures) -> list[JudgedQuery]:
    """Judged queries: one that is answered, one that isn't yet."""
    made = []
    for text, code, origin in (
        ("dang ky ket hon", "1.000894", "real"),
        ("giấy con nít", "1.001193", "everyday"),
        ("giấy con nít mất rồi", "2.000635", "everyday"),
    ):
        row = JudgedQuery.objects.create(text=text, origin=origin)
        row.procedures.set([procedures[code]])
        made.append(row)
    return made


@pytest.fixture
def teacher(db) -> User:
    """An editor who may change word groups and nothing else."""
    user = User.objects.create_user("teacher")
    for app, codename in (("wagtailadmin", "access_admin"), ("search", "change_wordgroup")):
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


@pytest.fixture
def board(teacher: User) -> Client:
    """The browser of an editor who may teach."""
    client = Client()
    client.force_login(teacher)
    return client
