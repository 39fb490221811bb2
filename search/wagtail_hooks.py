"""The editors' screens of search in Wagtail: the words, and the board of what people ask."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from search.cms import board, words
from search.cms.reviewing import MarkReviewed

hooks.register("register_bulk_action", MarkReviewed)


class BoardItem(MenuItem):
    """Leads to the board; shown to those who may teach."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may use the board."""
        return board.may_teach(request.user)


@register_snippet
class SearchGroup(SnippetViewSetGroup):
    """The board, and all that editors teach."""

    menu_label = _("Search words")
    menu_name = "search-words"
    menu_icon = "search"
    menu_order = 170
    items = (
        words.WordGroupViewSet,
        words.EverydayWordsViewSet,
        words.SituationViewSet,
        words.QuestionWordsViewSet,
        words.BestBetViewSet,
        words.JudgedQueryViewSet,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        """Put the board first."""
        url = reverse("search_board:board")
        item = BoardItem(_("What people ask"), url, name="search-board", icon_name="help", order=0)
        return [item, *super().get_submenu_items()]


@hooks.register("register_admin_urls")
def board_urls() -> list[URLPattern | URLResolver]:
    """Give the board its addresses."""
    patterns = [
        path("", board.board, name="board"),
        path("lesson/", board.lesson, name="lesson"),
        path("<int:pk>/", board.query, name="query"),
    ]
    return [path("search-board/", include((patterns, "search_board")))]
