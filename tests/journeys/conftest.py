"""Calderwick in a real Chromium: the service on a port of its own, one browser for all tests, a new context for each.

A coordinator is signed in once by the one-time link, as a person would; each test begins with a copy of that session. Every
page that a test opens is watched: an error in the console, or a request to anywhere else, fails it.
"""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Playwright, sync_playwright

from api.sign_in.one_time_link import keep_link, link_address
from tests.api.pages.conftest import Service, start, stop

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Served:
    """A service that a browser can reach."""

    service: Service
    base: str

    def link(self) -> str:
        """A new one-time sign-in link."""
        code = self.service.house.chance(16).hex()
        keep_link(self.service.house.store.shelf, code, now=self.service.house.clock())
        return link_address(self.base, code)


@contextmanager
def serving(service: Service) -> Iterator[Served]:
    """Serves on a free port of loopback until the block ends."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(service.app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield Served(service, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(10)
        stop(service)


MAPS = {
    "peer map": ("peer", "REF-01", 2),
    "map of a peer group": ("peer", "PG3", 2),
    "contexts map": ("contexts", None, 1),
    "contexts map of a place": ("contexts", "LOC2", 1),
}


def draw_maps(service: Service) -> dict[str, str]:
    """Draws the maps that the journeys look at, and says where each is."""
    return {name: f"/maps/{service.draw_map(kind, around, steps=steps)}" for name, (kind, around, steps) in MAPS.items()}


@pytest.fixture(scope="session")
def maps(served: "Served") -> dict[str, str]:
    """The path of each map of Calderwick."""
    return draw_maps(served.service)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Calderwick, served on its own day."""
    with serving(start(tmp_path_factory.mktemp("journeys"))) as served:
        yield served


def launched(playwright: Playwright) -> Browser | None:
    """A Chromium of the system's; None where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return playwright.chromium.launch(executable_path=found, args=ARGUMENTS) if found else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium of the system's for all tests."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        if browser is None:
            pytest.skip("Browser: not run. Install Chromium from the system's packages.")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def session_of_a_coordinator(served: Served, browser: Browser) -> Any:
    """What the browser keeps after signing in by the link."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(served.link())
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{served.base}/")
        return context.storage_state()


@dataclass
class Watched:
    """What a browser complained of, and where else it asked."""

    base: str
    complaints: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self._heard(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("dialog", self._closed)
        context.on("request", lambda request: self._asked(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "status of 4" not in text:
            self.complaints.append(text)

    def _closed(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        if not url.startswith((self.base, "data:,")):
            self.complaints.append(f"asked elsewhere: {url}")


@pytest.fixture
def open_page(served: Served, browser: Browser, session_of_a_coordinator: Any) -> Iterator[Callable[..., Page]]:
    """Opens a path as the coordinator, in a context made with these options (scripts off, a width, forced colours)."""
    watched = Watched(served.base)
    with ExitStack() as contexts:

        def open_it(path: str, **options: Any) -> Page:
            chosen = {"storage_state": session_of_a_coordinator, "viewport": {"width": 1280, "height": 900}, **options}
            context = contexts.enter_context(browser.new_context(base_url=served.base, **chosen))
            watched.watch(context)
            page = context.new_page()
            page.goto(path)
            return page

        yield open_it
    assert watched.complaints == []


AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
