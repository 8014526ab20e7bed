"""A long list in pages of a fixed size, and the sentence that says what is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from api.pages.presenters.wording import how_many

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of the pages before and after, None where there is none, and where in the list this page stands."""

    earlier: str | None
    later: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of a list. `first` and `last` count from 1."""

    items: tuple[T, ...]
    page: int
    first: int
    last: int
    total: int

    def pages(self, path: str, asked: Mapping[str, str], sentence: str) -> Pages:
        """The way to the pages before and after, with the same choices."""
        earlier = _address(path, asked, self.page - 1) if self.page > 1 else None
        later = _address(path, asked, self.page + 1) if self.last < self.total else None
        return Pages(earlier, later, sentence)


def _address(path: str, asked: Mapping[str, str], page: int) -> str:
    choices = {name: value for name, value in asked.items() if value}
    if page > 1:
        choices["page"] = str(page)
    return f"{path}?{urlencode(choices)}" if choices else path


def take_page(items: Sequence[T], page: int, size: int) -> Slice[T]:
    """The items of one page; a page past the end gives the last one."""
    last_page = max(1, -(-len(items) // size))
    page = min(max(1, page), last_page)
    start = (page - 1) * size
    found = tuple(items[start : start + size])
    return Slice(found, page, start + 1 if found else 0, start + len(found), len(items))


def left_out(number: int, one: str, many: str, where: str, stands: str = " stand{s}") -> str:
    """A sentence on what is not shown here for its length; empty when nothing is left out."""
    if number <= 0:
        return ""
    verb = stands.replace("{s}", "s" if number == 1 else "")
    return f"{how_many(number, one, many).capitalize()}{verb} {where}."
