"""In which words does the forum record things, and what does it call them locally?

The lists are data: `code_lists.json`, versioned. A code in use is retired, never deleted. An authority words them in its own
way (`with_local_wording`); a list marked `local` may also hold the authority's own codes, so that any word in the shape of
a code is one of its codes.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Code:
    """One code, its label in plain words, whether it is retired, and the wider code it is a part of, if any."""

    code: str
    label: str
    retired: bool = False
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """One list: `codes` in the order in which people choose from them. `local`: the authority may add words of its own."""

    name: str
    version: int
    codes: tuple[Code, ...]
    title: str = ""
    local: bool = False

    def labels(self) -> dict[str, str]:
        """Label by code, in order, retired ones included: what was once recorded must stay readable."""
        return {code.code: code.label for code in self.codes}


def read_code_lists(text: str) -> Mapping[str, CodeList]:
    """The lists in a text of format kith-code-lists/1, by name. ValueError for any other format."""
    given = json.loads(text)
    if given.get("format") != "kith-code-lists/1":
        raise ValueError("not a file of code lists: its format must be kith-code-lists/1")
    return MappingProxyType({name: _read_list(name, held) for name, held in given["lists"].items()})


def _read_list(name: str, held: Mapping[str, Any]) -> CodeList:
    retired = frozenset(held["retired"])
    parts: Mapping[str, str] = held["parts"]
    codes = tuple(Code(code, label, code in retired, parts.get(code)) for code, label in held["codes"].items())
    return CodeList(name, held["version"], codes, held["title"], held["local"])


CODE_LISTS: Mapping[str, CodeList] = read_code_lists(files("forum").joinpath("code_lists.json").read_text(encoding="utf-8"))


def with_local_wording(wording: Mapping[str, Mapping[str, str]]) -> Mapping[str, CodeList]:
    """The same lists in an authority's own words: label by code by list name. Nothing is taken away.

    A code that a list does not have is added where the list is local; elsewhere, and for a list there is not, ValueError
    says which one is wrong.
    """
    lists = dict(CODE_LISTS)
    for name, labels in wording.items():
        if name not in lists:
            raise ValueError(f"there is no code list {name}")
        lists[name] = _reworded(lists[name], labels)
    return MappingProxyType(lists)


def _reworded(code_list: CodeList, labels: Mapping[str, str]) -> CodeList:
    known = code_list.labels()
    added = [code for code in labels if code not in known]
    if added and not code_list.local:
        raise ValueError(f"code list {code_list.name} has no code {added[0]}, and takes no local ones")
    if wrong := [code for code in added if not _SHAPE.fullmatch(code)]:
        raise ValueError(f"{wrong[0]!r} is not in the shape of a code: small letters, digits and underscores")
    codes = tuple(replace(code, label=labels.get(code.code, code.label)) for code in code_list.codes)
    return replace(code_list, codes=codes + tuple(Code(code, labels[code]) for code in added))


def is_code(list_name: str, code: str) -> bool:
    """Whether this may be recorded under that list today: a code of it that is not retired, or a local word in its shape."""
    code_list = CODE_LISTS[list_name]
    for known in code_list.codes:
        if known.code == code:
            return not known.retired
    return code_list.local and _SHAPE.fullmatch(code) is not None


def words_of(list_name: str, code: str, lists: Mapping[str, CodeList] = CODE_LISTS) -> str:
    """The label of a code, retired ones included; of a local word without one, the word itself, readable.

    Words that a local list was given and that are no code stay as they were said. KeyError where a list takes no local ones.
    """
    code_list = lists[list_name]
    label = code_list.labels().get(code)
    if label is not None:
        return label
    if code_list.local:
        return code.replace("_", " ") if _SHAPE.fullmatch(code) else code
    raise KeyError(f"{code} is no code of {list_name}")
