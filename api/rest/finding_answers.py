"""What the findings look like on the wire: pairs, shared contexts, same-person links, tellings; each derived thing with why."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.rest.referral_answers import without_blanks
from forum.access.disclosure import Disclosure
from forum.hotspots import band_of
from forum.linked_referrals import ContextThatLinks, LinkedReferrals, explain
from forum.same_person_links import SamePersonLink
from forum.told import Telling
from graph.contexts import TYPE_OF_KIND, ContextRecord
from graph.records import RecordId
from graph.store.boundary import View


def contexts_by_id(view: View, disclosure: Disclosure, ids: Iterable[RecordId]) -> Mapping[RecordId, ContextRecord]:
    """The contexts among these, as this reader may be shown them."""
    found = view.several(sorted(set(ids)))
    return {record.id: disclosure.show(record).record for record in found if isinstance(record, ContextRecord)}


def pair_answers(linked: Iterable[LinkedReferrals], contexts: Mapping[RecordId, ContextRecord]) -> Iterator[dict[str, Any]]:
    """Every pair once for each context that links it, in the order given; each with the sentence and what it rests on."""
    for pair in linked:
        if pair.context in contexts:
            sentence = explain(pair, contexts[pair.context].label)
            because = [{"assertion": assertion, "sentence": sentence} for assertion in pair.because]
            yield {"referrals": list(pair.referrals), "context": pair.context, "because": because}


def shared_context_answers(found: Iterable[ContextThatLinks], contexts: Mapping[RecordId, ContextRecord]) -> list[dict[str, Any]]:
    """Contexts that link at least two referrals: most referrals first, then by label."""
    items = [
        {
            "context": shared.context,
            "type": TYPE_OF_KIND[contexts[shared.context].KIND],
            "label": contexts[shared.context].label,
            "referrals": list(shared.referrals),
            "band": band_of(len(shared.referrals)),
        }
        for shared in found
        if shared.context in contexts
    ]
    return sorted(items, key=lambda item: (-len(item["referrals"]), item["label"], item["context"]))


def same_person_answer(link: SamePersonLink) -> dict[str, Any]:
    """Two referrals that name one young person, with the days it holds."""
    return {
        "referrals": list(link.referrals),
        "person": link.person,
        "from": link.since.isoformat(),
        "until": link.until.isoformat() if link.until else None,
    }


def telling_answers(found: Iterable[Telling]) -> list[dict[str, Any]]:
    """Who is still to be told, one row for each referral, person and who."""
    return [
        without_blanks(
            {
                "referral": telling.referral,
                "person": telling.person,
                "who": telling.who,
                "status": telling.told,
                "due": _due(telling),
                "days_overdue": telling.days_overdue,
                "supervisor_signed": telling.supervisor_signed,
            }
        )
        for telling in found
    ]


def _due(telling: Telling) -> str | None:
    if telling.due is not None:
        return telling.due.isoformat()
    return "no date given" if telling.told == "not_yet" else None
