"""The site that the command makes: whole, in every language, made once, and never over an editor's work."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import TestCase
from wagtail.models import Locale, Page, Site

from portal.models import GuidePage, HomePage, InformationPage, PortalPage
from portal.site.plan import PLAN, page_key
from tests import factories

LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
EVERYTHING = len(PLAN) * len(LANGUAGES) + len(LANGUAGES) + 1
"""Pages, locales and the site."""


def run() -> str:
    out = StringIO()
    call_command("make_site", stdout=out)
    return out.getvalue()


def of(name: str, language: str) -> PortalPage:
    return PortalPage.objects.get(translation_key=page_key(name), locale__language_code=language).specific


class MadeSiteTest(TestCase):
    """Made once for all of these: it takes seconds."""

    report: str

    @classmethod
    def setUpTestData(cls) -> None:
        factories.ProvinceFactory(local_name_ko="다낭시")
        factories.ProcedureFactory(code="1.000894", name_vi="Thủ tục đăng ký kết hôn")
        cls.report = run()

    def test_every_page_is_there_in_every_language_and_published(self):
        # Wagtail's first migration has made the Vietnamese locale.
        assert self.report == f"{EVERYTHING - 1} created, 1 already there\n"
        for planned in PLAN:
            pages = PortalPage.objects.filter(translation_key=planned.translation_key, live=True)
            assert sorted(pages.values_list("locale__language_code", flat=True)) == sorted(LANGUAGES), planned.name
            for page in pages:
                assert type(page.specific) is planned.kind
                assert page.latest_revision_id == page.live_revision_id is not None
                assert page.has_unpublished_changes is False
                assert page.show_in_menus == planned.in_menu

    def test_addresses_are_vietnamese_in_vietnamese_and_english_elsewhere(self):
        assert of("procedures", "vi").url_path == "/vi/thu-tuc/"
        assert of("guide-marrying", "vi").url_path == "/vi/huong-dan/ket-hon/"
        for language in LANGUAGES[1:]:
            assert of("procedures", language).url_path == f"/{language}/procedures/"
            assert of("guide-marrying", language).url_path == f"/{language}/guides/marrying/"

    def test_the_second_run_creates_nothing_and_changes_nothing(self):
        before = list(Page.objects.order_by("pk").values())
        assert run() == f"0 created, {EVERYTHING} already there\n"
        assert list(Page.objects.order_by("pk").values()) == before
        assert Site.objects.count() == 1

    def test_what_an_editor_changed_stays(self):
        page = of("about", "ko")
        page.title, page.slug, page.show_in_menus = "다른 제목", "other", False
        page.save_revision().publish()
        Site.objects.update(site_name="Một Cửa Sông Hàn")
        run()
        assert (of("about", "ko").title, of("about", "ko").slug) == ("다른 제목", "other")
        assert Site.objects.get().site_name == "Một Cửa Sông Hàn"

    def test_a_page_that_an_editor_withdrew_stays_withdrawn(self):
        of("open-data", "en").unpublish()
        assert run().startswith("0 created, ")
        assert not of("open-data", "en").live

    def test_a_page_that_is_missing_is_made_again_beside_the_others(self):
        of("guide-marrying", "ja").delete()
        assert run().startswith("1 created, ")
        assert of("guide-marrying", "ja").get_translations().count() == len(LANGUAGES) - 1

    def test_wagtails_welcome_page_and_site_are_gone(self):
        assert not Page.objects.filter(slug="home").exists()
        site = Site.objects.get()
        assert (site.hostname, site.port, site.is_default_site) == ("localhost", 8000, True)
        assert site.root_page.specific == of("home", "vi")
        assert site.site_name == django_settings.WAGTAIL_SITE_NAME

    def test_a_language_can_be_added_later_and_takes_the_english_texts(self):
        languages = [*django_settings.LANGUAGES, ("fr", "Français")]
        with self.settings(LANGUAGES=languages, WAGTAIL_CONTENT_LANGUAGES=languages):
            assert run() == f"{len(PLAN) + 1} created, {EVERYTHING} already there\n"
        assert of("home", "fr").title == of("home", "en").title
        assert of("about", "fr").url_path == "/fr/about/"
        assert 'href="/fr/report/"' in of("about", "fr").body.render_as_block()

    def test_each_page_answers_in_its_language(self):
        for page in PortalPage.objects.select_related("locale"):
            response = self.client.get(page.url_path)
            assert response.status_code == 200, page.url_path
            language = page.locale.language_code
            html = response.content.decode()
            assert page.title in html, page.url_path
            assert f'<html lang="{"zh-Hans" if language == "zh-hans" else language}">' in html, page.url_path

    def test_links_in_texts_lead_somewhere_in_the_same_language(self):
        addresses = set()
        for kind in (GuidePage, InformationPage):
            for page in kind.objects.select_related("locale"):
                html = self.client.get(page.url_path).content.decode()
                found = re.findall(
                    r'<a(?: href="([^"]*)")?', html.partition('class="stream"')[2].partition("</main>")[0]
                )
                assert "" not in found, page.url_path
                local = {address for address in found if not address.startswith("https://")}
                allowed = (f"/{page.locale.language_code}/", "/api/v1/docs")
                assert all(address.startswith(allowed) for address in local), page.url_path
                addresses |= local
        assert {"/vi/report/", "/vi/trung-tam/", "/ko/centres/", "/ja/old-places/", "/api/v1/docs"} <= addresses
        for address in addresses:
            assert self.client.get(address).status_code == 200, address

    def test_a_life_events_page_shows_its_procedures_in_the_reader_s_language(self):
        html = self.client.get("/vi/huong-dan/ket-hon/").content.decode()
        assert "Đăng ký kết hôn" in html
        assert "/vi/thu-tuc/1.000894/" in html

    def test_nine_life_events_and_foreigners_come_first_except_in_vietnamese(self):
        for language in LANGUAGES:
            guides = list(
                GuidePage.objects.filter(locale__language_code=language, is_life_event=True).order_by("order")
            )
            assert len(guides) == 9
            place = -1 if language == "vi" else 0
            assert guides[place].translation_key == page_key("guide-living-in-viet-nam"), language

    def test_the_provinces_own_name_in_the_language_stands_in_the_texts(self):
        assert "다낭시" in of("guide-living-in-viet-nam", "ko").title
        assert of("guide-living-in-viet-nam", "vi").title == "Người nước ngoài ở Đà Nẵng"


def test_the_site_takes_host_and_port_from_the_base_url_and_needs_no_places(db, settings):
    settings.LANGUAGES = settings.LANGUAGES[:2]
    settings.BASE_URL = "https://thutuc.example.vn"
    run()
    assert Site.objects.values_list("hostname", "port").get() == ("thutuc.example.vn", 443)
    assert "settled in the province and have" in of("foreign", "en").summary


def test_a_welcome_page_that_somebody_has_edited_is_left_alone(db, settings):
    settings.LANGUAGES = settings.LANGUAGES[:1]
    settings.BASE_URL = "http://localhost:8000"
    welcome = Page.objects.get(slug="home")
    welcome.save_revision().publish()
    run()
    assert Page.objects.filter(pk=welcome.pk).exists()
    assert Site.objects.get(root_page=of("home", "vi")).is_default_site is False


def test_a_slug_taken_by_another_page_stops_it_and_nothing_is_made(db):
    Page.get_first_root_node().add_child(instance=HomePage(title="Khác", slug="en", locale=Locale.objects.get()))
    with pytest.raises(CommandError, match="/en/"):
        run()
    assert HomePage.objects.count() == 1
    assert Page.objects.filter(slug="home").exists()
