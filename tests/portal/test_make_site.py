"""The site that the command makes: whole, in every language, made once, and never over an editor's work."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.urls import reverse
from wagtail.models import Locale, Page, Revision, Site

from portal.models import GuidePage, InformationPage, PortalPage, SectionPage, User
from portal.site.plan import planned_pages, texts
from tests import factories

LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
KEYS = {plan.key: plan.translation_key for plan in planned_pages()}
TOTAL = len(KEYS) * len(LANGUAGES)
ADDRESSES = {
    "home": ("/vi/", "/zh-hans/"),
    "procedures": ("/vi/thu-tuc/", "/zh-hans/procedures/"),
    "centres": ("/vi/trung-tam/", "/zh-hans/centres/"),
    "places": ("/vi/dia-danh-cu/", "/zh-hans/old-places/"),
    "hotlines": ("/vi/duong-day-nong/", "/zh-hans/hotlines/"),
    "foreigners": ("/vi/nguoi-nuoc-ngoai/", "/zh-hans/foreigners/"),
    "guides": ("/vi/huong-dan/", "/zh-hans/guides/"),
    "guides/birth": ("/vi/huong-dan/sinh-con/", "/zh-hans/guides/having-a-baby/"),
    "notices": ("/vi/thong-bao/", "/zh-hans/notices/"),
}
LIFE_EVENTS = [
    "Sinh con",
    "Kết hôn",
    "Chuyển nơi ở",
    "Căn cước, bản sao",
    "Mở quán, buôn bán nhỏ",
    "Xây nhà, nhà đất",
    "Tuổi già, trợ cấp",
    "Người thân qua đời",
    "Người nước ngoài ở Đà Nẵng",
]
MENU = ["procedures", "centres", "places", "hotlines", "foreigners", "guides", "notices", "about", "accessibility"]


def run() -> str:
    out = StringIO()
    call_command("make_site", stdout=out)
    return out.getvalue().strip()


def of(key: str, language: str) -> PortalPage:
    return PortalPage.objects.get(translation_key=KEYS[key], locale__language_code=language).specific


class MadeSiteTest(TestCase):
    """Made once for all of these: it takes seconds."""

    report: str

    @classmethod
    def setUpTestData(cls) -> None:
        factories.ProvinceFactory(local_name_en="Da Nang City", local_name_ko="다낭시")
        factories.ProcedureFactory(code="1.000894", name_vi="Thủ tục đăng ký kết hôn")
        cls.report = run()

    def test_every_page_has_its_counterpart_in_every_language(self):
        assert self.report == f"{TOTAL} pages created, 0 already there"
        assert set(Locale.objects.values_list("language_code", flat=True)) == set(LANGUAGES)
        for key in KEYS:
            versions = [of(key, language) for language in LANGUAGES]
            assert len({type(page) for page in versions}) == 1
            assert len({page.get_parent().translation_key for page in versions}) == 1
        assert PortalPage.objects.count() == TOTAL

    def test_every_page_is_published_with_a_revision(self):
        for page in PortalPage.objects.all():
            assert page.live and page.first_published_at
            assert page.latest_revision_id == page.live_revision_id is not None
            assert page.has_unpublished_changes is False

    def test_addresses_are_vietnamese_in_vietnamese_and_english_elsewhere(self):
        for key, addresses in ADDRESSES.items():
            assert (of(key, "vi").get_url(), of(key, "zh-hans").get_url()) == addresses

    def test_the_second_run_makes_nothing_and_changes_nothing(self):
        def everything() -> tuple[object, ...]:
            return list(Page.objects.order_by("pk").values()), Revision.objects.count(), list(Site.objects.values())

        before = everything()
        assert run() == f"0 pages created, {TOTAL} already there"
        assert everything() == before

    def test_what_an_editor_changed_stays(self):
        guide = of("guides/birth", "vi")
        guide.title, guide.slug, guide.show_in_menus = "Có em bé", "co-em-be", True
        guide.save_revision().publish()
        of("about", "en").move(of("notices", "en"), pos="last-child")
        of("open-data", "ko").unpublish()
        Site.objects.update(site_name="Một Cửa Sông Hàn")
        assert run().startswith("0 pages created, ")
        guide = of("guides/birth", "vi")
        assert (guide.title, guide.slug, guide.show_in_menus) == ("Có em bé", "co-em-be", True)
        assert of("about", "en").get_parent().specific == of("notices", "en")
        assert not of("open-data", "ko").live
        assert Site.objects.get().site_name == "Một Cửa Sông Hàn"

    def test_a_text_of_an_earlier_release_that_nobody_changed_takes_the_new_one(self):
        before = texts("vi")["home"]["before"]
        home = of("home", "vi")
        home.summary, home.examples = before["summary"][0], "\n".join(before["examples"][0])
        home.save_revision().publish()
        other = of("home", "ko")
        other.summary = "내 말"
        other.save_revision().publish()
        assert run() == f"0 pages created, {TOTAL} already there, 1 of them with new texts"
        assert of("home", "vi").examples.splitlines() == texts("vi")["home"]["examples"]
        assert of("home", "ko").summary == "내 말"
        assert run() == f"0 pages created, {TOTAL} already there"

    def test_only_what_is_missing_is_made(self):
        of("guides", "ja").delete()
        assert run().startswith("10 pages created, ")
        assert of("guides/birth", "ja").get_parent().specific == of("guides", "ja")
        assert of("guides/birth", "ja").get_translations().count() == len(LANGUAGES) - 1

    def test_a_slug_that_an_editor_took_is_left_to_him(self):
        of("about", "vi").delete()
        own = of("home", "vi").add_child(instance=InformationPage(title="Khác", slug="gioi-thieu"))
        run()
        assert of("about", "vi").slug.startswith("gioi-thieu-")
        own.refresh_from_db()
        assert own.slug == "gioi-thieu"

    def test_the_site_stands_where_the_settings_say(self):
        site = Site.objects.get()
        assert (site.hostname, site.port, site.is_default_site) == ("localhost", 8000, True)
        assert site.root_page.specific == of("home", "vi")
        assert site.site_name == django_settings.WAGTAIL_SITE_NAME
        with self.settings(BASE_URL="https://mot-cua.example"):
            run()
        assert Site.objects.values_list("hostname", "port").get() == ("mot-cua.example", 443)

    def test_wagtails_welcome_page_goes_only_if_nobody_touched_it(self):
        assert not Page.objects.filter(title__startswith="Welcome").exists()
        root = Page.objects.get(depth=1)
        edited = root.add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="home"))
        edited.save_revision()
        run()
        assert Page.objects.filter(pk=edited.pk).exists()

    def test_a_language_can_be_added_later_and_takes_the_english_texts(self):
        languages = [*django_settings.LANGUAGES, ("fr", "Français")]
        with self.settings(LANGUAGES=languages, WAGTAIL_CONTENT_LANGUAGES=languages):
            assert run() == f"{len(KEYS)} pages created, {TOTAL} already there"
        assert of("home", "fr").title == of("home", "en").title
        assert of("about", "fr").url_path == "/fr/about/"
        body = of("about", "fr").body.render_as_block()
        assert 'href="/fr/report/"' in body and 'href="/fr/open-data/"' in body
        assert "/en/" not in body

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
                main = html.partition('class="stream"')[2].partition("</main>")[0]
                found = {link for link in re.findall(r'<a href="([^"]*)"', main) if not link.startswith("https://")}
                assert all(link.startswith((f"/{page.locale.language_code}/", "/api/v1/")) for link in found)
                addresses |= found
        assert {"/vi/report/", "/vi/dia-danh-cu/", "/ko/old-places/", "/ja/open-data/", "/api/v1/docs"} <= addresses
        for address in addresses - {link for link in addresses if link.startswith("/api/v1/downloads/")}:
            assert self.client.get(address).status_code == 200, address

    def test_the_downloads_that_the_open_data_page_names_are_there(self):
        body = of("open-data", "en").body.render_as_block()
        files = re.findall(r'href="(/api/v1/downloads/[^"]+)"', body)
        assert len(files) == 5
        for address in files:
            assert self.client.head(address).status_code == 200, address

    def test_a_guide_shows_the_names_of_its_procedures(self):
        html = self.client.get("/vi/huong-dan/ket-hon/").content.decode()
        assert "Đăng ký kết hôn" in html
        assert "/vi/thu-tuc/1.000894/" in html

    def test_nine_life_events_and_foreigners_come_first_except_in_vietnamese(self):
        for language in LANGUAGES:
            events = GuidePage.objects.filter(locale__language_code=language, is_life_event=True).order_by("order")
            titles = [event.title for event in events]
            expected = [of(key, language).title for key in KEYS if key.startswith("guides/")]
            assert titles == (expected if language == "vi" else [expected[-1], *expected[:-1]])
            if language == "vi":
                assert titles == LIFE_EVENTS
        assert of("guides/foreigners", "en").title == "Living and working in Da Nang City"
        assert "다낭시" in of("guides/foreigners", "ko").title

    def test_a_section_lists_its_pages_in_the_order_of_the_plan(self):
        children = SectionPage.get_context(of("guides", "vi"), self.client.get("/vi/").wsgi_request)["children"]
        assert [child.title for child in children] == LIFE_EVENTS

    def test_the_main_pages_stand_in_the_menus(self):
        for language in LANGUAGES:
            shown = of("home", language).get_children().filter(show_in_menus=True)
            assert [page.translation_key for page in shown] == [KEYS[key] for key in MENU]

    def test_every_kind_of_page_opens_in_the_editors_screens(self):
        self.client.force_login(User.objects.create_superuser("somebody"))
        for key in KEYS:
            address = reverse("wagtailadmin_pages:edit", args=[of(key, "ko").pk])
            assert self.client.get(address).status_code == 200, key


def test_without_the_province_nothing_is_made(db):
    with pytest.raises(CommandError, match="load_places"):
        run()
    assert not PortalPage.objects.exists()
    assert Page.objects.filter(slug="home").exists()
