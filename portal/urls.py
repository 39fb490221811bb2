"""Where everything is."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as cms_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as document_urls

from portal import suggestions, views
from portal.api import api
from portal.sitemaps import AllLanguages

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": AllLanguages}}, name="sitemap"),
    path("cms/", include(cms_urls)),
    # By its name: the portal knows of the desk no more.
    path("desk/", include("desk.urls")),
    path("documents/", include(document_urls)),
    path("api/v1/", api.urls),
    path("api/suggest/<str:language>/", suggestions.suggest, name="suggest"),
    *i18n_patterns(
        path("report/", views.report, name="report"),
        # Procedure codes hold dots, which Wagtail's own pattern doesn't take.
        re_path(r"^((?:[\w\-.]+/)*)$", wagtail_views.serve, name="wagtail_serve"),
        re_path(r"^((?:[\w\-.]+/)*[\w\-]+\.(?:atom|csv|json))$", wagtail_views.serve),
        path("", include(wagtail_urls)),
        prefix_default_language=True,
    ),
]
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"

if settings.DEMO or settings.DEBUG:
    # In production the web server serves these files.
    media = re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})
    urlpatterns = [media, *urlpatterns]
