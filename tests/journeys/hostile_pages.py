"""What a real browser makes of every page, picture and file that it can open, with one text in every field of words.

The proofs in tests/attacks read these answers as text. A browser builds elements of them, runs the scripts that belong there
and keeps to the policy in the headers: only there can be seen that nothing acts.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unicodedata import normalize

from playwright.sync_api import Browser, Page, sync_playwright

from tests.attacks.hostile_borough import Borough, a_borough
from tests.attacks.hostile_texts import as_kept, may_be_kept, plain_like
from tests.attacks.proofs import a_folder
from tests.journeys.conftest import Watched, launched

STATIC = Path(__file__).parents[2] / "api" / "pages" / "static"
OPENED = ("text/html", "image/svg+xml")
# Files that are saved are opened from a disk: without headers, and with whatever they say of themselves.
SAVED = "content-disposition"
# A browser asks for it of itself, whatever a page says.
OF_ITSELF = "/favicon.ico"
# Before anything of a page runs: what its policy had to stop is kept.
WATCH = """() => {
  window.stopped = []
  addEventListener('securitypolicyviolation', event => stopped.push(`${event.violatedDirective} ${event.blockedURI}`))
}"""
# Each element in order: its name, those of its attributes, and by what a press on it would go anywhere.
FRAME = """() => [...document.querySelectorAll('*')].map(one =>
  `${one.localName}[${one.getAttributeNames().sort().join(' ')}] ${one.protocol || ''}${one.target || ''}`)"""
# What stands in the page as text, apart from what a picture draws in lines, and from what is code.
WORDS = """() => {
  const found = [], walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    if (!walk.currentNode.parentElement.closest('svg text, script, style')) { found.push(walk.currentNode.data) }
  }
  return found
}"""


@dataclass(frozen=True)
class Opened:
    """One answer as a browser had it: its elements, its words, and what its policy had to stop."""

    frame: tuple[str, ...]
    words: tuple[str, ...]
    stopped: tuple[str, ...]

    def holds(self, text: str) -> int:
        """How many pieces of its words hold this text."""
        return sum(text in normalize("NFC", words) for words in self.words)


@dataclass
class InABrowser:
    """How much was opened."""

    texts: int = 0
    opened: int = 0
    held: int = 0
    elements: int = 0
    kinds: list[str] = field(default_factory=list)

    def add(self, other: "InABrowser") -> None:
        for name in ("texts", "opened", "held", "elements"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds = sorted({*self.kinds, *other.kinds})

    def sentence(self) -> str:
        return (
            f"{self.texts:,} texts, each in every field at once; {self.opened:,} pages, pictures and files of {len(self.kinds)} "
            f"kinds opened in a browser, {self.held:,} held the text; {self.elements:,} elements compared with plain letters"
        )


@dataclass(frozen=True)
class Answers:
    """All of a borough that a browser can open, by what was asked; and the files that pages ask for, by their address."""

    documents: dict[str, tuple[dict[str, str], bytes]]
    files: dict[str, tuple[dict[str, str], bytes]]


def answers_with(text: str, folder: Path) -> Answers:
    """What a borough with this text in every field answers to all who read it."""
    # A browser's driver keeps this thread's event loop to itself: the service is asked on another.
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(_answers_with, text, folder).result()


def _answers_with(text: str, folder: Path) -> Answers:
    with a_borough(folder) as borough:
        borough.write(text)
        documents = {}
        for name, answer in borough.answers(text):
            if answer.headers.get("content-type", "").partition(";")[0] in OPENED:
                documents[name] = (dict(answer.headers), answer.content)
        return Answers(documents, dict(_files(borough)))


def _files(borough: Borough) -> Iterator[tuple[str, tuple[dict[str, str], bytes]]]:
    for file in STATIC.rglob("*.*"):
        path = f"/static/{file.relative_to(STATIC).as_posix()}"
        answer = borough.asker.ask("GET", path)
        yield path, (dict(answer.headers), answer.content)


@dataclass
class Opening:
    """A page in which answers can be opened, each at an address of its own; and what went wrong there."""

    page: Page
    base: str
    complaints: list[str]

    def open(self, number: int) -> None:
        """Opens the answer of this number."""
        self.page.goto(f"{self.base}/opened/{number}")


@contextmanager
def opening(browser: Browser, answers: Answers) -> Iterator[Opening]:
    """Serves these answers over loopback, as they left the service, until the block ends."""
    asked_in_vain: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handed, answers, asked_in_vain))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watched = Watched(f"http://127.0.0.1:{server.server_port}", asked_in_vain)
    try:
        with browser.new_context(viewport={"width": 320, "height": 700}, service_workers="block") as context:
            context.add_init_script(f"({WATCH})()")
            watched.watch(context)
            yield Opening(context.new_page(), watched.base, watched.complaints)
    finally:
        server.shutdown()
        server.server_close()


class _Handed(BaseHTTPRequestHandler):
    """Hands out one of these answers, or a file that pages ask for; keeps what else was asked for."""

    protocol_version = "HTTP/1.1"

    def __init__(self, answers: Answers, in_vain: list[str], *given: Any) -> None:
        self.answers, self.in_vain = answers, in_vain
        super().__init__(*given)

    def do_GET(self) -> None:
        number = self.path.removeprefix("/opened/")
        documents = list(self.answers.documents.values())
        found = documents[int(number)] if number.isdigit() else self.answers.files.get(self.path)
        if found is None:
            if self.path != OF_ITSELF:
                self.in_vain.append(f"asked for {self.path}")
            return self.send_error(404)
        headers, body = found
        if SAVED in headers:
            headers = {"content-type": headers["content-type"]}
        self.send_response(200)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *_: object) -> None:
        """Nothing: what is asked for is told by what opens."""


def open_all(browser: Browser, answers: Answers) -> dict[str, Opened]:
    """Each answer as this browser has it. AssertionError where a page complained, asked elsewhere or opened a dialog."""
    found = {}
    with opening(browser, answers) as at:
        for number, name in enumerate(answers.documents):
            at.open(number)
            frame, words, stopped = (tuple(at.page.evaluate(what)) for what in (FRAME, WORDS, "() => window.stopped || []"))
            found[name] = Opened(frame, words, stopped)
            assert at.complaints == [], f"{name}: {at.complaints}"
    return found


def try_in_a_browser(text: str, browser: Browser, folder: Path) -> InABrowser:
    """One text in every field of words, and everything a browser can open, beside plain letters. AssertionError where it acts."""
    if not may_be_kept(text):
        return InABrowser()
    odd = open_all(browser, answers_with(text, folder / "odd"))
    plain = open_all(browser, answers_with(plain_like(text), folder / "plain"))
    assert list(odd) == list(plain)
    found = InABrowser(texts=1)
    for name, seen in odd.items():
        usual = plain[name]
        assert seen.stopped == usual.stopped == (), f"{name}: {seen.stopped} with {text!r}"
        assert each_label_once(seen.frame) == each_label_once(usual.frame), f"{name} has other elements with {text!r}"
        held = usual.holds(plain_like(text))
        assert seen.holds(as_kept(text)) >= held, f"{name} lost {text!r}"
        found.add(InABrowser(opened=1, held=bool(held), elements=len(seen.frame), kinds=[name]))
    return found


def try_some(chosen: Sequence[str]) -> tuple[InABrowser, list[str]]:
    """These texts one after the other in one browser: how much was opened, and what went wrong."""
    found, wrong = InABrowser(), []
    with sync_playwright() as playwright, a_folder() as name:
        browser = launched(playwright)
        assert browser is not None
        for number, text in enumerate(chosen):
            try:
                found.add(try_in_a_browser(text, browser, Path(name) / str(number)))
            except Exception as error:  # a text that ends in an error was not shown to be inert, whatever the error
                wrong.append(f"{text!r}: {type(error).__name__}: {str(error)[:1000]}")
        browser.close()
    return found, wrong


def each_label_once(frame: Iterable[str]) -> list[str]:
    """A frame in which lines of one label stand once: how many it is set in depends on how wide its letters are."""
    found: list[Any] = []
    for one in frame:
        if not one.startswith("text[") or found[-1:] != [one]:
            found.append(one)
    return found
