"""The sentence that says what the picture says: strengths first, then worries, then both; hearsay and doubt counted."""

from collections.abc import Sequence

from visualise.document import Link, Thing
from visualise.style import symbols

ORDER = (
    "young_person",
    "unnamed_young_people",
    "adult",
    "home",
    "peer_group",
    "school",
    "location",
    "neighbourhood",
    "online",
    "service",
    "adult_of_concern",
)


def derive_summary(things: Sequence[Thing], links: Sequence[Link]) -> str:
    """The summary of a map, in plain words."""
    sentences = [_things(things)]
    if not links:
        return " ".join([*sentences, "No links are shown."])
    sentences.append(_says(_counted(links, "strength"), "is a strength", "are strengths"))
    sentences.append(_says(_counted(links, "worry"), "is a worry", "are worries"))
    both = _counted(links, "both")
    if both:
        sentences.append(_says(both, "is both", "are both"))
    sentences.append(_short(sum(link.how_known == "H" for link in links), "is hearsay", "are hearsay"))
    for number, one, many in (
        (sum(link.how_sure == "not" for link in links), "is not sure", "are not sure"),
        (sum(link.disputed for link in links), "is disputed", "are disputed"),
        (sum(link.agencies == 1 for link in links), "comes from one agency only", "come from one agency only"),
    ):
        if number:
            sentences.append(_short(number, one, many))
    return " ".join(sentences)


def _counted(links: Sequence[Link], meaning: str) -> int:
    return sum(link.meaning == meaning for link in links)


def _things(things: Sequence[Thing]) -> str:
    parts = []
    for kind in ORDER:
        number = sum(thing.kind == kind for thing in things)
        if number:
            words = symbols()["thing"][kind]
            parts.append(f"{number} {words['one'] if number == 1 else words['many']}")
    if not parts:
        return "Nothing is shown."
    if len(parts) == 1:
        return parts[0] + "."
    return ", ".join(parts[:-1]) + f" and {parts[-1]}."


def _says(number: int, one: str, many: str) -> str:
    if number == 0:
        return f"No link {one}."
    return f"1 link {one}." if number == 1 else f"{number} links {many}."


def _short(number: int, one: str, many: str) -> str:
    if number == 0:
        return f"None {one}."
    return f"{number} {one if number == 1 else many}."
