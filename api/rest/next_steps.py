"""What may follow each operation, said as OpenAPI links: which later call takes which value of this one's answer.

Most follow from the paths. Only where an answer names a thing of another noun is it written down here by hand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

TAG = {"if-match": "$response.header.ETag"}

STEPS = ("dispute", "correct", "withdraw", "renew", "reopen")
# From an operation's answer, the place in it that names a thing, and the operations that take the thing's id.
NAMED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "list_code_lists": {"/items/0/name": ("read_code_list",)},
    "list_linked_referrals": {
        "/pairs/0/referrals/0": ("read_referral", "list_linked_to_referral"),
        "/pairs/0/context": ("read_context", "list_linked_by_context"),
        "/pairs/0/because/0/assertion": ("read_assertion",),
    },
    "list_linked_to_referral": {
        "/pairs/0/context": ("read_context", "list_linked_by_context"),
        "/pairs/0/because/0/assertion": ("read_assertion",),
    },
    "list_linked_by_context": {"/pairs/0/referrals/0": ("read_referral", "list_linked_to_referral")},
    "list_shared_contexts": {
        "/items/0/context": ("read_context", "list_linked_by_context"),
        "/items/0/referrals/0": ("read_referral",),
    },
    "list_hotspots": {"/items/0/context": ("read_context", "list_linked_by_context")},
    "list_same_person_links": {"/items/0/referrals/0": ("read_referral",), "/items/0/person": ("read_young_person",)},
    "list_told": {"/items/0/referral": ("read_referral",), "/items/0/person": ("read_young_person",)},
    "list_audit": {"/items/0/grants/0": ("read_grant",)},
    "read_clusters": {"/items/0/members/0": ("read_referral",)},
    "search_young_people": {"/items/0/id": ("read_young_person",)},
    "list_incidents": {"/items/0/participants/0/person": ("read_young_person",)},
    "read_incident": {"/participants/0/person": ("read_young_person",)},
    "read_referral": {
        "/subject/people/0": ("read_young_person",),
        "/links/0/id": ("read_assertion", *(f"{step}_assertion" for step in STEPS)),
    },
    **{
        f"create_{noun}": {"/id": ("read_context", "list_linked_by_context")}
        for noun in ("location", "neighbourhood", "online_space", "peer_group", "school")
    },
}  # fmt: skip


def add_links(paths: Mapping[str, Mapping[str, Any]]) -> None:
    """Adds to every answer of success what may follow it. KeyError where the table names an operation that is not there."""
    path_of = {said["operationId"]: path for path, methods in paths.items() for said in methods.values()}
    for path, methods in paths.items():
        for method, said in methods.items():
            found = dict(_on_its_way(paths, path, method, said))
            for pointer, names in NAMED.get(said["operationId"], {}).items():
                for name in names:
                    (parameter,) = parameters_of(path_of[name])
                    found[name] = {parameter: f"$response.body#{pointer}"}
            if found:
                (success,) = [status for status in said["responses"] if status.startswith("2")]
                said["responses"][success]["links"] = {
                    name: {"operationId": name, "parameters": parameters} for name, parameters in sorted(found.items())
                }


def parameters_of(path: str) -> list[str]:
    """The names in braces."""
    return [part.strip("{}") for part in path.split("/") if part.startswith("{")]


def _on_its_way(
    paths: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, str]]]:
    """What the paths say: from what makes or lists things to one of them, from one thing to what can be done with it."""
    own = parameters_of(path)
    start = f"{path}/{{" if not own else path[: path.index("}") + 1]
    for other, methods in paths.items():
        if not other.startswith(start) or len(parameters_of(other)) != 1:
            continue
        (parameter,) = parameters_of(other)
        for its_method, following in methods.items():
            if not own and (its_method == "get" or "201" in said["responses"]):
                place = "/id" if "201" in said["responses"] else "/items/0/id"
                yield following["operationId"], {parameter: f"$response.body#{place}"}
            elif own and following is not said and _goes_on(path, method, other, its_method):
                tag = TAG if its_method in ("patch", "delete") else {}
                yield following["operationId"], {parameter: f"$request.path.{own[0]}", **tag}


def _goes_on(path: str, method: str, other: str, its_method: str) -> bool:
    """Whether one call on a thing is worth another on the same thing. A change needs the tag that reading or changing gave."""
    if method == "get":
        return path.endswith("}")
    return its_method == "post" or (other.endswith("}") and (its_method == "get" or method == "patch"))
