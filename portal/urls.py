"""Where everything is."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail import views as wagtail_views
from wagtail.admin import urls as cms_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as document_urls

from catalogue.cms.reports import report_urls
from portal import suggestions, views
from portal.access.doors import guarded
from portal.api import api
from portal.figures import views as figures
from portal.sitemaps import AllLanguages
from portal.tracking import views as tracking

XML = "application/xml; charset=utf-8"

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": AllLanguages}, "content_type": XML}, name="sitemap"),
    path("accounts/", include("portal.accounts.urls")),
    # One log-in page: Wagtail's own doors lead to it, with what stands after the question mark.
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    re_path(r"^cms/password_reset/", RedirectView.as_view(url="/accounts/password/reset/")),
    path("cms/", include(report_urls())),  # Before Wagtail's own: theirs name rows of other agencies.
    path("cms/", include(guarded(cms_urls.urlpatterns))),
    # By its name: else the portal enters the desk by desk.public alone.
    path("desk/", include("desk.urls")),
    # What the QR codes of slips hold: this address never changes.
    re_path(r"^t/(?P<token>[^/]*)/?$", tracking.by_token, name="track_token"),
    path("t/<str:token>/<int:number>-<slug:form>.pdf", tracking.slip, name="track_slip"),
    path("documents/", include(document_urls)),
    path("api/v1/", api.urls),
    path("api/suggest/<str:language>/", suggestions.suggest, name="suggest"),
    *i18n_patterns(
        path("_util/login/", RedirectView.as_view(url="/accounts/login/", query_string=True)),
        path("report/", views.report, name="report"),
        path("tracking/", tracking.by_code, name="tracking"),
        path("statistics/", figures.page, name="statistics"),
        path("statistics/figures.csv", figures.as_csv, name="statistics_csv"),
        # Procedure codes hold dots, which Wagtail's own pattern doesn't take.
        re_path(r"^((?:[\w\-.]+/)*)$", wagtail_views.serve, name="wagtail_serve"),
        re_path(r"^((?:[\w\-.]+/)*[\w\-]+\.(?:atom|csv|json))$", wagtail_views.serve),
        path("", include(wagtail_urls)),
        prefix_default_language=True,
    ),
]
handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"

if settings.DEMO or settings.DEBUG:
    # In production the web server serves these files.
    media = re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT})
    urlpatterns = [media, *urlpatterns]
