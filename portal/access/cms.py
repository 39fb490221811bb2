"""Addresses of Wagtail itself under /cms/: by the rights that its groups hold."""

from __future__ import annotations

from portal.access.rules import Rule, Who

TREE = "pages of the part of the tree where one has rights"
NAMES = "names of published pages, to link to them; to editors of pages also drafts"
MEDIA = "images and documents of the collections where one has rights"
LOG_IN = "nothing: leads to the log-in page"
SITE = "the whole site"
RULES = (
    Rule("/cms/login/", Who.ANYBODY, LOG_IN),
    Rule("/cms/password_reset/", Who.ANYBODY, LOG_IN),
    Rule("wagtailadmin_login", Who.ANYBODY, LOG_IN),
    Rule("wagtailadmin_password_reset*", Who.ANYBODY, LOG_IN),
    Rule("wagtailadmin_sprite", Who.ANYBODY, "icons of Wagtail"),
    Rule("wagtailadmin_javascript_catalog", Who.ANYBODY, "texts of Wagtail"),
    Rule("wagtailadmin_home", Who.CMS, "what waits for oneself, of what one may edit or approve"),
    Rule("wagtailadmin_account", Who.CMS, "oneself: name, picture, language of /cms/"),
    Rule("wagtailadmin_logout", Who.CMS, "oneself"),
    Rule("wagtailadmin_dismissibles", Who.CMS, "oneself"),
    Rule("wagtailadmin_editing_sessions:ping", Who.CMS, "who else edits a row or page that one may edit"),
    Rule("wagtailadmin_editing_sessions:release", Who.CMS, "oneself"),
    Rule("wagtailadmin_block_preview", Who.CMS, "an example of a block, no content"),
    Rule("wagtailsnippets:index", Who.CMS, "kinds of rows on which one has a right"),
    Rule("wagtail_bulk_action", Who.CMS, "rows, pages and files of kinds on which one has a right"),
    Rule("wagtailadmin_tag_*", Who.CMS, "words that images and documents are marked with"),
    Rule("wagtailembeds:*", Who.CMS, "nothing of ours: an address elsewhere as a film to embed"),
    Rule("/cms/test404/", Who.CMS, "how Wagtail draws a missing page"),
    Rule("wagtailadmin_error_test", Who.NOBODY, "404"),
    Rule("/cms/.*/", Who.CMS, "404"),
    Rule("/cms/reports/site-history/*", Who.CMS, "what was done to rows and pages that one may edit"),
    Rule("/cms/reports/workflow/*", Who.PAGES, "approvals of rows and pages that one may edit"),
    Rule("/cms/reports/workflow_tasks/*", Who.PAGES, "approvals of rows and pages that one may edit"),
    Rule("wagtailadmin_reports:site_history*", Who.CMS, "what was done to rows and pages that one may edit"),
    Rule("wagtailadmin_reports:locked_pages*", Who.ADMINISTRATOR, SITE),
    Rule("wagtailadmin_reports:*", Who.PAGES, TREE),
    Rule("wagtailadmin_explore*", Who.PAGES, TREE),
    Rule("wagtailadmin_pages:*", Who.PAGES, TREE),
    Rule("wagtailadmin_choose_page*", Who.CMS, NAMES),
    Rule("wagtailadmin_api:pages:*", Who.CMS, TREE),
    Rule("wagtailadmin_api:documents:*", Who.MEDIA, "titles of documents, to link to them"),
    Rule("wagtailadmin_api:images:*", Who.MEDIA, "titles of images, to show them"),
    Rule("wagtailimages:*", Who.MEDIA, MEDIA),
    Rule("wagtaildocs:*", Who.MEDIA, MEDIA),
    Rule("wagtailimages_chooser:*", Who.CMS, MEDIA),
    Rule("wagtaildocs_chooser:*", Who.CMS, MEDIA),
    Rule(
        "wagtailforms:*", Who.PAGES, "what was sent by forms on pages that one may edit; there is no such kind of page"
    ),
    Rule("wagtailadmin_collections:*", Who.ADMINISTRATOR, SITE),
    Rule("wagtailadmin_workflows:*", Who.ADMINISTRATOR, SITE),
    Rule("wagtailredirects:*", Who.ADMINISTRATOR, SITE),
    Rule("simple_translation:*", Who.ADMINISTRATOR, SITE),
    Rule("wagtailsites:*", Who.ADMINISTRATOR, SITE),
    Rule("wagtailusers_users:*", Who.ADMINISTRATOR, SITE),
    Rule("wagtailusers_groups:*", Who.ADMINISTRATOR, SITE),
)
