"""Whose things the screens of the desk show: by the roles and the reach of the posts of the day."""

from __future__ import annotations

import pytest

from desk.permissions import SCREENS, agencies_of, opened_by, opens
from tests.desk.cast import MONDAY, post
from tests.factories import AgencyFactory

HEADS = {"leave", "end_leave"}
COUNTER = {"intake_start", "intake", "intake_live", "intake_moved"}
OVER = {"workload", "hand_out"}
REGISTERS = {"register", "register_file"}


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("clerk", COUNTER | REGISTERS),
        ("handler", set()),
        ("approver", HEADS | OVER),
        ("head", HEADS | OVER | COUNTER | REGISTERS),
        ("supervisor", OVER | REGISTERS),
        ("contractor", COUNTER),
    ],
)
def test_what_a_role_opens_beside_what_everybody_with_a_post_opens(cast, role, more):
    found = opened_by(cast.actor(role))
    assert found & (HEADS | COUNTER | OVER | REGISTERS) == more
    assert {"today", "queue", "dossier", "act", "files"} <= found


def test_without_a_row_a_screen_is_shut_and_without_a_post_everything_is(cast, django_user_model):
    assert not opens("something_new", cast.actor("head"))
    cast.people["nobody"] = django_user_model.objects.create_user("nobody")
    assert opened_by(cast.actor("nobody")) == frozenset()


def test_a_post_counts_for_its_own_agency_alone(cast):
    """A head who also sits at the neighbour's counter sees who has how much work at home, and not there."""
    post(cast.people["head"], cast.neighbour, "clerk")
    head = cast.actor("head")
    assert agencies_of("workload", head) == {cast.commune.pk}
    assert agencies_of("leave", head) == {cast.commune.pk}
    assert agencies_of("intake", head) == agencies_of("register", head) == {cast.commune.pk, cast.neighbour.pk}


def test_the_workload_of_an_agency_where_one_is_not_over_others_is_not_there(cast, client):
    post(cast.people["head"], cast.neighbour, "clerk")
    client.force_login(cast.people["head"])
    assert client.get("/desk/workload/", {"agency": cast.commune.pk}).status_code == 200
    assert client.get("/desk/workload/", {"agency": cast.neighbour.pk}).status_code == 404


def test_a_supervisor_and_a_head_reach_what_lies_below_where_the_screen_does(cast):
    under = AgencyFactory(parent=cast.commune)
    for role in ("supervisor", "head"):
        actor = cast.actor(role, MONDAY)
        assert under.pk in agencies_of("workload", actor) and under.pk in agencies_of("register", actor), role
        assert under.pk not in agencies_of("leave", actor), role
    assert under.pk not in agencies_of("register", cast.actor("clerk"))


def test_what_is_sent_is_judged_by_a_row_of_acts_where_it_touches_a_dossier():
    acts = {name: screen.act for name, screen in SCREENS.items() if screen.act}
    assert acts == {
        "hand_out": "reassign", "bulk": "the act's own row", "intake": "receive", "intake_moved": "mirror",
        "files": "attach_file", "remove_file": "remove_file", "act": "the act's own row",
    }  # fmt: skip
