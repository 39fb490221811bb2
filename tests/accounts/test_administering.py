"""People and rights in /cms/: each change is told to the audit by ids, and who has no post any more is let out."""

from __future__ import annotations

import datetime as dt
import json
import logging

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from catalogue.editing.reach import today
from catalogue.editing.setting_up import GROUP, set_up
from catalogue.models import OutsideAccount, Posting
from portal.models import User
from tests.accounts.conftest import LOG_IN, PASSWORD

PEOPLE = "/cms/users/"


@pytest.fixture
def boss(admin, client, committing, caplog):
    """The administrator at /cms/users/: what is sent, and what the audit then hears."""
    client.post(LOG_IN, {"login": admin.username, "password": PASSWORD})  # Rights are changed after a proof alone.

    def send(path: str, data: dict[str, object]) -> list[dict]:
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="portal.audit"), committing():
            answer = client.post(path, data)
        assert answer.status_code == 302, answer.context["form"].errors
        return [json.loads(record.getMessage()) for record in caplog.records if record.name == "portal.audit"]

    return send


def shown(user: User, **changes) -> dict[str, object]:
    """Return what the form of a person has."""
    values = {
        "username": user.username, "email": user.email, "first_name": user.first_name, "last_name": user.last_name,
        "is_active": "on", "password1": "", "password2": "", "groups": [group.pk for group in user.groups.all()],
    }  # fmt: skip
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def test_each_change_of_a_person_is_told_with_who_did_it_and_nothing_personal(boss, admin, cast, caplog):
    clerk, group = cast.people["clerk"], Group.objects.create(name="Trang")
    path = f"{PEOPLE}edit/{clerk.pk}/"
    words = "bốn con mèo và cái ghế"
    changes = {
        ("account.password_set",): {"password1": words, "password2": words},
        ("account.closed",): {"is_active": None},
        ("account.opened",): {},
        ("account.group_given",): {"groups": [group.pk]},
        ("account.group_taken", "account.made_administrator"): {"is_superuser": "on"},
        ("account.no_administrator",): {},
        ("account.changed",): {"email": "khac@danang.gov.vn"},
        (): {"email": "khac@danang.gov.vn"},
    }
    for events, change in changes.items():
        clerk.refresh_from_db()
        told = boss(path, shown(User.objects.get(pk=clerk.pk), **{"groups": [], **change}))
        assert sorted(line["event"] for line in told) == sorted(events), change
        assert all((line["user"], line["by"]) == (clerk.pk, admin.pk) for line in told)
        assert not {"khac", "Clerk", "danang", "mèo"} & set(caplog.text.replace("@", " ").split())
    assert told == [], "what is sent as it was opened changes nothing"


def test_a_new_person_one_deleted_and_many_closed_at_once_are_told(boss, cast):
    made = boss(
        f"{PEOPLE}new/",
        {"username": "moi", "email": "moi@danang.gov.vn", "first_name": "Mới", "last_name": "Lê", "is_active": "on",
         "password1": "", "password2": ""},
    )  # fmt: skip
    new = User.objects.get(username="moi")
    assert [(line["event"], line["user"]) for line in made] == [("account.made", new.pk)]
    pks = [new.pk, cast.people["clerk"].pk]
    address = "/cms/bulk/portal/user/set_active_state/?next=/cms/users/&" + "&".join(f"id={pk}" for pk in pks)
    closed = boss(address, {"mark_as_active": "False"})
    assert sorted((line["event"], line["user"]) for line in closed) == [("account.closed", pk) for pk in sorted(pks)]
    gone = boss(f"{PEOPLE}delete/{new.pk}/", {})
    assert [(line["event"], line["user"]) for line in gone] == [("account.deleted", new.pk)]


def test_the_rights_of_a_group_are_told_by_their_names(admin, client, committing, caplog):
    group = Group.objects.create(name="Trang")
    client.post(LOG_IN, {"login": admin.username, "password": PASSWORD})
    entry = Permission.objects.get(codename="access_admin")
    caplog.clear()
    sent = {"name": "Trang mới", "permissions": [entry.pk]}
    for prefix in ("page_permissions", "document_permissions", "image_permissions", "collection_permissions"):
        sent |= {f"{prefix}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
        sent[f"{prefix}-MAX_NUM_FORMS"] = "1000"
    with caplog.at_level(logging.INFO, logger="portal.audit"), committing():
        assert client.post(f"/cms/groups/edit/{group.pk}/", sent).status_code == 302
    told = [json.loads(record.getMessage()) for record in caplog.records if record.name == "portal.audit"]
    assert {line["event"]: line.get("rights") for line in told} == {
        "account.group_saved": None, "account.rights_given": ["wagtailadmin.access_admin"],
    }  # fmt: skip
    assert {(line["group"], line["by"]) for line in told} == {(group.pk, admin.pk)}


def test_what_is_written_outside_cms_is_not_told_by_it(cast, caplog, committing):
    with caplog.at_level(logging.INFO, logger="portal.audit"), committing():
        clerk = cast.people["clerk"]
        clerk.is_active = False
        clerk.save(update_fields=["is_active"])
        clerk.groups.add(Group.objects.create(name="Trang"))
    assert not caplog.records


def test_closing_an_account_says_what_is_still_open_on_ministries_systems(admin, client, cast):
    clerk = cast.people["clerk"]
    OutsideAccount.objects.create(
        user=clerk, system="Hệ thống X", granted_on=today(), written_at=dt.datetime.now(dt.UTC)
    )
    client.post(LOG_IN, {"login": admin.username, "password": PASSWORD})
    page = client.post(f"{PEOPLE}edit/{clerk.pk}/", shown(clerk, is_active=None), follow=True).content.decode()
    assert "clerk: Hệ thống X" in page and "thu hồi" in page
    User.objects.filter(pk=clerk.pk).update(is_active=True)
    address = f"/cms/bulk/portal/user/set_active_state/?next=/cms/users/&id={clerk.pk}"
    assert "clerk: Hệ thống X" in client.post(address, {"mark_as_active": "False"}, follow=True).content.decode()


@pytest.fixture
def editor(cast) -> User:
    """An editor of the catalogue whose post ended yesterday; the group is still there."""
    set_up()
    user = User.objects.create_user("bien.tap")
    user.groups.add(Group.objects.get(name=GROUP))
    Posting.objects.create(user=user, agency=cast.commune, role="editor", valid_to=today())
    return user


@pytest.mark.parametrize(("language", "said"), [("vi", "Tài khoản của bạn"), ("en", "Your account may not edit")])
def test_whose_editing_post_has_ended_reads_what_to_do_instead_of_an_empty_cms(client, editor, language, said):
    client.force_login(editor)
    client.post(reverse("account_language"), {"language": language})
    for path in ("/cms/", "/cms/publication/", reverse("wagtailadmin_explore_root")):
        answer = client.get(path, follow=True)
        assert answer.status_code == 403 and said in answer.content.decode()
    assert client.get("/cms/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403
    assert client.get("/desk/").status_code == 403, "nor is the page of log-in a way round"


def test_with_a_post_of_the_day_the_group_opens_cms_again(client, editor):
    Posting.objects.filter(user=editor).update(valid_to=today() + dt.timedelta(1))
    client.force_login(editor)
    assert client.get("/cms/").status_code == 200


def test_what_the_administrator_gave_besides_holds_without_a_post(editor):
    pages = Group.objects.create(name="Trang")
    pages.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=pages, page=Page.get_first_root_node(), permission=change)
    editor.groups.add(pages)
    client = Client()
    client.force_login(editor)
    assert client.get("/cms/").status_code == 200
    assert client.get(reverse("wagtailadmin_explore_root")).status_code == 200
    user = User.objects.get(pk=editor.pk)
    assert not user.has_perm("catalogue.change_procedure")
    alone = User.objects.create_user("mot.minh")
    alone.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(alone)
    assert client.get("/cms/").status_code == 200


def test_an_officer_of_the_desk_does_not_enter_and_a_superuser_does(client, cast, admin):
    client.force_login(cast.people["clerk"])
    assert client.get("/cms/", follow=True).status_code == 403
    client.force_login(admin)
    assert client.get("/cms/").status_code == 200
