"""Addresses for everybody: the portal, following a dossier, open data, files that editors put up."""

from __future__ import annotations

from portal.access.rules import Rule, Who

PUBLISHED = "what is published"
TOLD = "one dossier: the least of it, and neither names nor numbers of its people"
RULES = (
    Rule("front_door", Who.ANYBODY, "nothing: leads to the reader's language"),
    Rule("robots", Who.ANYBODY, PUBLISHED),
    Rule("sitemap", Who.ANYBODY, PUBLISHED),
    Rule("wagtail_serve", Who.ANYBODY, PUBLISHED),
    Rule("/<language>/((?:[\\w\\-.]+/)*[\\w\\-]+\\.(?:atom|csv|json))", Who.ANYBODY, PUBLISHED),
    Rule("report", Who.ANYBODY, "nothing: takes what a reader reports"),
    Rule("statistics", Who.ANYBODY, "figures of whole months, without persons"),
    Rule("statistics_csv", Who.ANYBODY, "figures of whole months, without persons"),
    Rule("suggest", Who.ANYBODY, PUBLISHED),
    Rule("tracking", Who.ANYBODY, f"{TOLD}, to whoever knows its code and the end of a number of its people"),
    Rule("track_token", Who.BEARER, f"{TOLD}, by the token of its slips"),
    Rule("track_slip", Who.BEARER, "the applicant's own slips of one dossier, by the token that stands on them"),
    Rule("wagtailcore_authenticate_with_password", Who.ANYBODY, "nothing: takes a closed page's password"),
    Rule("/<language>/_util/login/", Who.ANYBODY, "nothing: leads to the log-in page"),
    Rule("wagtailcore_login", Who.ANYBODY, "nothing: the address above stands before it"),
)
API = (Rule("api-v1:*", Who.ANYBODY, PUBLISHED),)
FILES = (
    Rule("wagtaildocs_serve", Who.ANYBODY, "documents that editors put up, but those of a closed collection"),
    Rule("wagtaildocs_authenticate_with_password", Who.ANYBODY, "nothing: takes a closed collection's password"),
    Rule("/media/*", Who.ANYBODY, "images and documents that editors put up", is_demo=True),
)
"""Files of dossiers have no address but the desk's own; slips are above."""
