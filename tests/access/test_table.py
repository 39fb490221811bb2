"""The table of rights: every address has one rule, every rule an address, and the document is the code's."""

from __future__ import annotations

from django.core.management import call_command
from django.urls import path

from portal.access import checks
from portal.access.routes import Route, routes
from portal.access.rules import Rule, Who, rule_of
from portal.access.table import RULES

DOSSIER = Route("desk:dossier", "/desk/dossiers/<path:code>/")


def test_every_address_has_a_rule_and_every_rule_an_address():
    assert not checks.every_address_has_a_rule(None)


def test_the_walk_meets_every_room():
    keys = {route.key for route in routes()}
    assert keys >= {
        "front_door", "wagtail_serve", "track_slip", "account_login", "desk:dossier", "publication:board",
        "api-v1:start", "catalogue_sets:act", "wagtailsnippets_catalogue_procedure:edit",
        "wagtailsnippetchoosers_search_bestbet:choose", "wagtailadmin_pages:revisions_compare",
        "wagtailusers_users:index", "/cms/reports/site-history/",
    }  # fmt: skip
    assert Route("", "/<language>/_util/login/") in routes()


def test_an_address_without_a_rule_stops_the_start_and_the_hint_is_the_line_to_write(settings):
    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("desk/new/", lambda request: None, name="new")]})
    (error,) = [each for each in checks.every_address_has_a_rule(None) if each.id == "portal.E020"]
    assert error.msg == "/desk/new/ has no rule of access."
    assert 'Rule("new", Who.ADMINISTRATOR' in error.hint


def test_the_hint_names_the_table_of_the_room():
    assert checks.advice(Route("desk:accounts", "/desk/accounts/")) == (
        'Write into SCREENS of desk/permissions.py: "accounts": Screen(ANYBODY, Scope.SIDES), with who opens it and '
        "whose things it shows."
    )
    assert 'catalogue/editing/screens.py: "catalogue_sets:new":' in checks.advice(Route("catalogue_sets:new", "/"))
    assert "portal/publication/screens.py" in checks.advice(Route("publication:new", "/"))
    assert 'Rule("/cms/new/"' in checks.advice(Route("", "/cms/new/"))


def test_a_rule_without_an_address_and_two_of_one_are_said():
    rule = Rule("desk:dossier", Who.OFFICERS, "")
    gone = Rule("desk:gone", Who.OFFICERS, "")
    assert [each.id for each in checks.faults([DOSSIER], [rule, gone])] == ["portal.E021"]
    assert [each.id for each in checks.faults([DOSSIER], [rule, Rule("desk:dossier", Who.ANYBODY, "")])] == [
        "portal.E022"
    ]
    assert not checks.faults([DOSSIER], [rule, Rule("/media/*", Who.ANYBODY, "", is_demo=True)])


def test_the_narrowest_rule_holds():
    wide, near, own = (
        Rule("desk:*", Who.NOBODY, ""),
        Rule("desk:dos*", Who.CMS, ""),
        Rule("desk:dossier", Who.OFFICERS, ""),
    )
    assert rule_of(DOSSIER, [near, own, wide]) is own
    assert rule_of(DOSSIER, [wide, near]) is near
    assert rule_of(Route("desk:queue", "/desk/dossiers/"), [near]) is None


def test_our_own_screens_have_a_line_each():
    """A star would give a new screen the rights of its neighbours."""
    ours = ("desk:", "publication:", "catalogue_", "search_board:")
    assert not [rule.routes for rule in RULES if "*" in rule.routes and rule.routes.startswith(ours)]


def test_the_document_is_the_codes():
    call_command("print_access", "--check")
