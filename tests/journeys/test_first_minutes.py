"""Somebody starts Kith, opens the link, and sees why referrals stand together; with the keyboard alone, scripts on or off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Served
from tests.journeys.looking import find_violations

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_the_link_signs_in_by_keyboard_and_opens_at_what_is_shared(served: Served, browser: Browser, scripts: bool) -> None:
    # Given: the link that stands in the terminal, opened twice, as a preview would
    link = served.link()
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(link)
        page.goto(link)
        if scripts:
            assert find_violations(page) == []
        # When: the button is reached and pressed by keyboard
        for _ in range(5):
            page.keyboard.press("Tab")
            if page.locator(":focus").inner_text() == "Sign in":
                break
        page.keyboard.press("Enter")
        # Then: the front page is there, and the link is spent
        expect(page.get_by_role("heading", level=1)).to_have_text("Referrals that share a context")
        page.goto(link)
        expect(page.get_by_text("This link has been used, or is too old.")).to_be_visible()


def test_from_a_pair_to_its_context_to_how_each_thing_is_known(served: Served, open_page: OpenPage) -> None:
    page = open_page("/")
    group = page.get_by_role("region", name="3 referrals that share Tollgate Parade frontage")
    expect(group.get_by_text("Both referrals report harm at Tollgate Parade frontage.")).to_have_count(3)
    group.get_by_role("link", name="Tollgate Parade frontage").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tollgate Parade frontage")
    row = page.get_by_role("row").filter(has_text="Y9 was harmed at Tollgate Parade frontage")
    expect(row).to_contain_text("seen or heard first-hand")
    row.get_by_role("link", name="REF-08").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral REF-08")
    expect(page.get_by_role("row").filter(has_text="Y9 harmed")).to_contain_text("signed by a supervisor")


def test_a_list_is_narrowed_by_a_plain_form_with_scripts_off(open_page: OpenPage) -> None:
    page = open_page("/referrals", java_script_enabled=False)
    page.get_by_label("About").select_option(label="School")
    page.get_by_role("button", name="Show these").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("One referral that you may read and that you asked for.")
    expect(page.get_by_role("link", name="REF-06")).to_be_visible()
    expect(page.get_by_label("About")).to_have_value("school")


def test_signing_out_by_keyboard_ends_the_session(served: Served, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(served.link())
        page.get_by_role("button", name="Sign in").press("Enter")
        page.get_by_role("button", name="Sign out").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.goto(f"{served.base}/")
        expect(page.get_by_text("You are not signed in, or your sign-in has ended.")).to_be_visible()
