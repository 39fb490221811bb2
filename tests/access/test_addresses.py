"""Everybody at every address: who isn't let in is refused and changes nothing, who is let in opens it.

What each word of the table means for each person stands here by itself (`LET_IN`). Officers at the desk are tried
role by role in `tests/desk/test_addresses.py`, editors at every kind of row in
`tests/catalogue/test_editing_rights.py`.
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal.access.routes import Route, routes
from portal.access.rules import Rule, Who, rule_of
from portal.access.table import RULES
from tests.access.world import DRAFT, EVERYBODY, OFFICERS, SECRETS, World, read, rolled_back, writes

CMS = {"editor", "publisher", "neighbour editor", "province editor", "old editor", "page editor", "administrator"}
EDITORS = CMS - {"old editor", "page editor"}
LET_IN: dict[Who, set[str]] = {
    Who.ANYBODY: set(EVERYBODY),
    Who.BEARER: set(EVERYBODY),
    Who.LOGGED_IN: set(EVERYBODY) - {"anonymous"},
    Who.OFFICERS: {*OFFICERS, "neighbour"},
    Who.CMS: CMS,
    Who.EDITORS: EDITORS,
    Who.PROVINCE_EDITORS: {"province editor", "administrator"},
    Who.PAGES: {"page editor", "administrator"},
    Who.MEDIA: {"page editor", "administrator"},
    Who.TEACHERS: {"page editor", "administrator"},
    Who.ADMINISTRATOR: {"administrator"},
    Who.NOBODY: set(),
}
OPENS: dict[Who, str] = {
    Who.ANYBODY: "anonymous", Who.BEARER: "anonymous", Who.LOGGED_IN: "unposted", Who.OFFICERS: "clerk",
    Who.CMS: "page editor", Who.EDITORS: "editor", Who.PROVINCE_EDITORS: "province editor", Who.PAGES: "page editor",
    Who.MEDIA: "page editor", Who.TEACHERS: "page editor", Who.ADMINISTRATOR: "administrator",
}  # fmt: skip
"""Who of them has the least beside it."""
EVERYWHERE = ("anonymous", "clerk", "editor", "page editor")
"""They try every address; the others one of each rule, where the same line of code answers them."""
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


def address(world: World, route: Route) -> str:
    """Return the address of something real."""
    if route.key in world.known:
        return str(world.known[route.key])
    if not route.name:
        return route.place.replace("<language>", "vi")
    place = route.place.removeprefix("/<language>")
    names = dict.fromkeys(one or other for one, other in ARGUMENT.findall(place))
    return reverse(route.name, kwargs={name: value(world, route.name, name) for name in names})


def value(world: World, name: str, argument: str) -> object:
    """Return what is known of an argument, of this address first, then of its room."""
    parts = name.split(":")
    for count in range(len(parts), 0, -1):
        key = f"{':'.join(parts[:count])} {argument}"
        if key in world.known:
            return world.known[key]
    return world.known.get(argument, 1)


def lines() -> list[tuple[Route, Rule]]:
    """Return each address with its rule."""
    found = []
    for route in routes():
        rule = rule_of(route, RULES)
        assert rule is not None
        found.append((route, rule))
    return found


def shut_to(name: str) -> list[tuple[Route, Rule]]:
    """Return the addresses that aren't somebody's, of most people one a rule; officers try the desk's elsewhere."""
    found = [(route, rule) for route, rule in lines() if name not in LET_IN[rule.who]]
    if name in EVERYWHERE:
        return found
    return list({rule.routes: (route, rule) for route, rule in found}.values())


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_is_not_let_in_is_refused_and_changes_nothing(world, name):
    wrong, tried = [], 0
    for route, _rule in shut_to(name):
        url = address(world, route)
        for method in ("get", "post"):
            with rolled_back(), writes() as written:
                answer = getattr(world.client(name), method)(url)
                text = read(answer)
            tried += 1
            if answer.status_code not in (302, 403, 404, 405) or written:
                wrong.append(f"{method} {route.key} {url}: {answer.status_code} {written}")
            wrong += [f"{method} {route.key} tells {told}" for told in (*SECRETS, DRAFT) if told in text]
    assert not wrong, "\n".join(wrong)
    assert tried > (300 if name in EVERYWHERE else 0 if name == "administrator" else 60)


NOTHING_THERE = {
    # What the address names isn't there: no second factor, no password, no provider, no request to look for.
    "account_reauthenticate", "mfa_remove_webauthn", "mfa_reauthenticate", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_reauthenticate_webauthn", "mfa_edit_webauthn",
    "openid_connect_login", "openid_connect_callback", "wagtailcore_authenticate_with_password", "api-v1:download",
    "api-v1:nothing", "wagtailadmin_api:pages:find", "wagtailadmin_api:documents:find", "wagtailadmin_api:images:find",
    "wagtailadmin_tag_model_autocomplete", "wagtailadmin_block_preview", "/cms/.*/", "catalogue_imports:clash",
    # A line that isn't written yet, a page that isn't an alias or has no forms, no root that can be edited.
    "catalogue_sets:preview", "wagtailadmin_pages:convert_alias", "wagtailadmin_pages:workflow_history_detail",
    "wagtailforms:list_submissions", "wagtailforms:list_submissions_results", "wagtailadmin_collections:edit",
    "wagtailadmin_collections:delete", "wagtailadmin_workflows:add_task", "wagtailimages:url_generator",
    "wagtailimages:url_generator_output", "simple_translation:submit_snippet_translation",
    "wagtailsnippets_desk_calendarday:revisions_revert", "wagtailsnippets_desk_calendarday:revisions_compare",
}  # fmt: skip
"""Where 404 is the right answer to everybody in this world, or 403 for want of a password."""
NOT_NOW = {
    # Nobody locks or schedules rows or makes them in a chooser; the editor wrote the draft; nothing waits for approval.
    "wagtailsnippets_catalogue_procedure:revisions_unschedule", "wagtailsnippets_catalogue_procedure:lock",
    "wagtailsnippets_catalogue_procedure:unlock", "wagtailsnippets_catalogue_procedure:workflow_preview",
    "wagtailsnippets_catalogue_procedure:collect_workflow_action_data",
    "wagtailsnippetchoosers_catalogue_procedure:create", "wagtailadmin_pages:workflow_preview",
    "wagtailsnippets:index", "wagtailforms:delete_submissions",
}  # fmt: skip
"""Where whoever is let in is led back."""


def one_of_each() -> dict[str, tuple[Route, Rule]]:
    """Return the addresses but for what several kinds of rows have in common: of those the first kind."""
    found: dict[str, tuple[Route, Rule]] = {}
    for route, rule in lines():
        space, _colon, view = route.name.rpartition(":")
        kinds, _underscore, _kind = space.rpartition("_")
        is_of_a_kind = kinds.endswith(("_catalogue", "_search"))
        found.setdefault(f"{rule.who}{kinds}:{view}" if is_of_a_kind else route.key + route.place, (route, rule))
    return found


@pytest.mark.parametrize("who", OPENS)
def test_who_is_let_in_opens_it(world, who):
    wrong, opened, name = [], 0, OPENS[who]
    for route, rule in one_of_each().values():
        if rule.who is not who or (rule.roles and name not in rule.roles):
            continue
        url = address(world, route)
        with rolled_back():
            answer = world.client(name).get(url)
            text = read(answer)
        opened += answer.status_code == 200
        missing = answer.status_code in (403, 404) and route.key not in NOTHING_THERE
        to = answer.get("Location", "")
        is_back = (to == "/cms/" or "/accounts/login/?" in to) and route.key not in NOT_NOW
        if answer.status_code == 500 or missing or is_back:
            wrong.append(f"{route.key} {url}: {answer.status_code} {to}")
        if who not in (Who.OFFICERS, Who.ADMINISTRATOR):
            wrong += [f"{route.key} tells {told}" for told in SECRETS if told in text]
    assert not wrong, "\n".join(wrong)
    assert opened


def test_every_word_of_the_table_is_tried():
    assert set(LET_IN) == set(Who)
    assert set(OPENS) == set(Who) - {Who.NOBODY}


def test_a_neighbours_editor_reads_nothing_of_the_ward(world):
    """404 at what is the ward's; and no list names its drafts."""
    wrong = []
    for route, rule in lines():
        if "neighbour editor" not in LET_IN[rule.who] or rule.who in (Who.ANYBODY, Who.BEARER, Who.LOGGED_IN):
            continue
        if route.name.startswith("wagtailsnippet") and "_procedure:" not in route.name:
            continue
        if route.name == "publication:receiving_procedure":  # Any public procedure, and one's own centres.
            continue
        names_a_row = "pk>" in route.place and route.name.startswith(("catalogue_", "publication", "wagtailsnippets_"))
        for method in ("get", "post") if names_a_row else ("get",):
            with rolled_back(), writes() as written:
                answer = getattr(world.client("neighbour editor"), method)(address(world, route))
                text = read(answer)
            if names_a_row and (answer.status_code not in (404, 405) or written):
                wrong.append(f"{method} {route.key}: {answer.status_code} {written}")
            if answer.status_code == 500 or DRAFT in text:
                wrong.append(f"{method} {route.key}: {answer.status_code}, {DRAFT in text}")
    assert not wrong, "\n".join(wrong)
