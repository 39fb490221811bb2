"""What makes the public page cache forget: everything that shows on a public page, once a transaction."""

from __future__ import annotations

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import DraftStateMixin, Locale, Page, PageViewRestriction, Site, get_page_models
from wagtail.signals import page_published, page_unpublished, post_page_move, published, unpublished

from catalogue import models as m
from catalogue.signals import catalogue_changed
from portal import generation
from portal.models import PortalDocument, PortalImage
from search.signals import search_changed

DRAFT_COLUMNS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "search_folded",
        "search_marked",
    }
)
"""What saving a draft writes on the live row (`save_revision` does): nobody sees it."""

UNSEEN = frozenset(
    {
        m.ApprovalTask,
        m.CatalogueImport,
        m.ChangeLine,
        m.ChangeSet,
        m.OutsideAccount,
        m.PaperMarking,
        m.Posting,
        m.Proposal,
        m.ProposalBatch,
        m.Reorganisation,
        m.RowCheck,
        m.TranslationDraft,
    }
)
"""Rows of the editors' work: no page shows one, and what comes of them writes other rows."""


def connect() -> None:
    """Connect every signal of a change that readers can see."""
    for signal in (
        catalogue_changed,
        page_published,
        page_unpublished,
        post_page_move,
        published,
        search_changed,
        unpublished,
    ):
        signal.connect(forget_after_commit, dispatch_uid="public_pages")
    kept = [model for model in apps.get_app_config("catalogue").get_models() if model not in UNSEEN]
    shown = [*kept, *get_page_models()]
    for model in [*shown, Locale, PageViewRestriction, PortalDocument, PortalImage, Site]:
        drafts = issubclass(model, DraftStateMixin | Page)
        post_save.connect(live_row_saved if drafts else forget_after_commit, sender=model, dispatch_uid="public_pages")
        post_delete.connect(forget_after_commit, sender=model, dispatch_uid="public_pages")
    m2m_changed.connect(links_changed, dispatch_uid="public_pages")


def forget_after_commit(sender: object, using: str | None = None, **kwargs: object) -> None:
    """Move the generation on when the transaction is committed, once for all its changes."""
    connection = transaction.get_connection(using)
    if any(call[1] is forget for call in connection.run_on_commit):
        return
    transaction.on_commit(forget, using=using, robust=True)


def live_row_saved(
    sender: object, instance: models.Model, update_fields: frozenset[str] | None = None, **kwargs: object
) -> None:
    """Forget when a published row itself is written, not when a draft is laid beside it."""
    is_draft = update_fields is not None and update_fields <= DRAFT_COLUMNS
    if getattr(instance, "live", True) and not is_draft:
        forget_after_commit(sender, **kwargs)  # type: ignore[arg-type]


def links_changed(sender: type[models.Model], action: str, **kwargs: object) -> None:
    """Forget when a row of the catalogue is tied to others or untied."""
    if sender._meta.app_label == "catalogue" and action.startswith("post_"):
        forget_after_commit(sender, **kwargs)  # type: ignore[arg-type]


def forget() -> None:
    """Move the generation on."""
    generation.move_on()
