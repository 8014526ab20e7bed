"""What a test can find out about a page: what axe says, what a screen reader is told, where the keyboard goes."""

from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.journeys.conftest import AXE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_violations(page: Page) -> list[str]:
    """What axe finds, each with the start of the first element it concerns. The page's own policy stays on."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found["violations"]]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page itself is wider than the window."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"))


def told_to_a_screen_reader(page: Page) -> str:
    """Every name and value in the accessibility tree, in order, as one text. Works with scripts off."""
    session: CDPSession = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    kept = [node for node in nodes if not node["ignored"] and node.get("role", {}).get("value") != "InlineTextBox"]
    words = [str(node[part]["value"]) for node in kept for part in ("name", "description") if node.get(part, {}).get("value")]
    return " ".join(" ".join(words).split())


FOCUSED = """() => {
  const found = document.activeElement
  const box = found.getBoundingClientRect()
  const style = getComputedStyle(found)
  return {
    tag: found.tagName, href: found.getAttribute('href') || '',
    name: (found.getAttribute('aria-label') || found.innerText || found.id || '').trim(),
    seen: box.width > 0 && box.height > 0,
    marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none'
  }
}"""
# Stops that a page may have besides: what scrolls can be reached too.
SLACK = 20
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, [tabindex="0"]')]
  .filter(found => found.checkVisibility({visibilityProperty: true})).length"""


def walk_by_keyboard(page: Page) -> list[dict[str, Any]]:
    """Every stop of the Tab key from the top of the page until it leaves the page; a trap is what goes on past all there is."""
    stops: list[dict[str, Any]] = []
    # A list of what somebody opened is as long as what was opened before.
    for _ in range(page.evaluate(REACHABLE) + SLACK):
        page.keyboard.press("Tab")
        stop: dict[str, Any] = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            return stops
        stops.append(stop)
    raise AssertionError("the Tab key never leaves the page")
