"""Whatever somebody types as a label or a story, a page shows it as the text it is: nothing runs, nothing breaks the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from graph.assertions import AssertionKind
from graph.incidents import HarmRole
from tests.api.pages.conftest import start
from tests.builders import a_location, a_referral, a_young_person, an_assertion
from tests.journeys.conftest import Served, Watched, serving
from tests.journeys.looking import find_violations, scrolls_sideways, told_to_a_screen_reader

HOSTILE = {
    "markup": "<b>The</b> <img src=x onerror=\"alert('label')\"> Arcade",
    "script": "</title></script><script>alert('label')</script>",
    "template": "{{ 7 * 7 }} {% raw %} ${alert(1)} #{1+1}",
    "attribute": '" onmouseover="alert(1)" x=\'\' autofocus onfocus=alert(1)',
    "formula": '=HYPERLINK("javascript:alert(1)";"here")',
    "right to left": "مقهى الميناء قرب שער הנמל",
    "long": "Long" * 50,
    "emoji": "The 👩‍👩‍👧 café 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, list[str]]]:
    """A service whose places, stories and pseudonyms are all of that kind; and the paths of its pages."""
    records, paths = [], ["/", "/referrals", "/contexts"]
    for name, text in HOSTILE.items():
        place, person = a_location(label=text), a_young_person(pseudonym=text[:60], known_as=text[:60])
        for _ in range(2):
            referral = a_referral(
                about=(person,),
                names=((person, (HarmRole.HARMED,)),),
                referral_kind="individual",
                narrative=f"{name}: {text}",
                strengths=text,
                referrer_role=text[:60],
            )
            statement = an_assertion(person, place, says=AssertionKind.HARMED_AT, stated_in=referral, note=text, source_role=text)
            records += [referral, statement]
        records += [place, person]
        paths += [f"/contexts/{place.id}", f"/referrals/{referral.id}"]
    in_order = sorted(records, key=lambda found: ("Location", "YoungPerson", "Referral", "Assertion").index(found.KIND))
    folder = tmp_path_factory.mktemp("hostile")
    with serving(start(folder, case=None, records=tuple(in_order))) as served:
        maps = [served.service.draw_map("peer", found.id) for found in records if found.KIND == "Location"]
        whole = served.service.draw_map("contexts", None, steps=1)
        yield served, [*paths, *(f"/maps/{sheet}" for sheet in (*maps, whole))]


def test_no_text_becomes_anything_but_text(hostile: tuple[Served, list[str]], browser: Browser, tmp_path: Path) -> None:
    served, paths = hostile
    watched = Watched(served.base)
    with browser.new_context(viewport={"width": 320, "height": 700}, base_url=served.base) as context:
        watched.watch(context)
        page = context.new_page()
        page.goto(served.link())
        page.get_by_role("button", name="Sign in").click()
        for path in paths:
            page.goto(path)
            assert not scrolls_sideways(page), path
            assert (
                page.evaluate("() => document.querySelectorAll('main b, main img, main script, [onerror], [onfocus]').length")
                == 0
            )
            assert page.evaluate("() => document.scripts.length") == 1
        assert find_violations(page) == []
    assert watched.complaints == []


def test_the_text_is_read_out_whole_and_unchanged(hostile: tuple[Served, list[str]], browser: Browser) -> None:
    served, _ = hostile
    with browser.new_context(java_script_enabled=False, base_url=served.base) as context:
        page = context.new_page()
        page.goto(served.link())
        page.get_by_role("button", name="Sign in").click()
        page.goto("/contexts")
        said = told_to_a_screen_reader(page)
    assert [text for text in HOSTILE.values() if " ".join(text.split()) not in said] == []
    assert "49" not in said
