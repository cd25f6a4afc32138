"""The checks of this folder catch a planted fault, each: only then does their silence count."""

import pytest
from django.contrib.auth.models import User

from tests.browser import conftest
from tests.browser.accessibility import assert_accessible

pytestmark = pytest.mark.any_engine


@pytest.fixture
def admin():
    return User.objects.create_superuser("root", password="x")


def test_sign_in_opens_the_admin(page, sign_in, admin):
    sign_in(page, admin)
    page.goto("/admin/")
    assert page.get_by_role("link", name="Users", exact=True).is_visible()


def test_the_accessibility_check_names_rule_place_and_html(page):
    page.goto("/healthz")
    page.set_content("<html lang=en><title>x</title><main><input id=unlabelled></main>")
    with pytest.raises(AssertionError, match=r"light: label .*#unlabelled.*<input id=\"unlabelled\">"):
        assert_accessible(page)


def test_the_accessibility_check_sees_what_is_wrong_in_the_dark_only(page):
    page.goto("/healthz")
    page.set_content("<html lang=en><title>x</title><main>Hello</main>")
    assert_accessible(page)
    # Set from here, where the page's CSP does not reach.
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("@media (prefers-color-scheme: dark) { body { background:#222; color:#333 }}");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    with pytest.raises(AssertionError, match=r"^1 violations.*\ndark: color-contrast"):
        assert_accessible(page)


def test_an_error_on_the_console_is_a_fault(page, page_faults):
    page.goto("/healthz")
    page.evaluate("console.error('planted')")
    assert [fault for fault in page_faults if "planted" in fault]
    page_faults.clear()


def test_an_uncaught_error_is_a_fault(page, page_faults):
    page.goto("/healthz")
    page.evaluate("setTimeout(() => { throw new Error('planted') })")
    page.wait_for_timeout(100)
    assert [fault for fault in page_faults if fault.startswith("uncaught") and "planted" in fault]
    page_faults.clear()


def test_an_inline_script_is_refused_and_is_a_fault(page, page_faults):
    page.goto("/healthz")
    page.set_content("<html lang=en><title>x</title><script>document.title = 'ran'</script>")
    assert page.title() == "x"
    assert [fault for fault in page_faults if "Content Security Policy" in fault]
    page_faults.clear()


def test_a_request_elsewhere_is_a_fault(page, page_faults):
    page.goto("/healthz")
    page.set_content("<html lang=en><title>x</title><img src='http://127.0.0.1:9/x.png' alt=''>")
    page.wait_for_timeout(100)
    assert [fault for fault in page_faults if fault == "request elsewhere: http://127.0.0.1:9/x.png"]
    page_faults.clear()


def test_a_fault_in_a_second_window_counts_too(new_context, page_faults):
    page = new_context().new_page()
    page.goto("/healthz")
    with page.expect_popup() as popup:
        page.evaluate("window.open('/healthz')")
    popup.value.evaluate("console.error('planted')")
    assert [fault for fault in page_faults if "planted" in fault]
    page_faults.clear()


def test_a_missing_browser_says_how_to_install_it(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        conftest.chromium()
