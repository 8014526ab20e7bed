"""A referral as given in: structured by the six contexts, every statement with its source, every mistake at once."""

import copy
from typing import Any

from forum.referral_drafts import read_referral_draft

WHOLE: dict[str, Any] = {
    "kind": "individual",
    "received": "2026-11-21",
    "channel": "form",
    "referrer": {"role": "social worker", "agency": "childrens_social_care"},
    "subject": {"people": ["a1"], "contexts": []},
    "efh_types": ["cce"],
    "reason": "He is frightened.",
    "strengths": "His friend walks home with him.",
    "change_hoped_for": "Adults he trusts are at the parade.",
    "narrative": "He said so himself.",
    "parts": {"school_education": {"narrative": "He likes art."}},
    "named_people": [{"person": "a1", "roles": ["may_have_harmed", "harmed"]}],
    "unnamed": [{"ref": "u1", "size_band": "4-6", "roles": ["may_have_harmed"]}],
    "concerns_contexts": ["g1"],
    "links": [
        {
            "from": "a1",
            "rel": "harmed_at",
            "to": {"type": "location", "label": "Parade"},
            "provenance": {
                "kind": "reported_by_young_person",
                "source_role": "social worker",
                "agency": None,
                "reliability": "told_by_young_person_or_family",
                "date_known": None,
            },
        }
    ],
    "told": [{"person": "a1", "who": "young_person", "status": "told_content", "date": "2026-11-20"}],
    "lawful_basis": "public_task",
    "sharing_purpose": "safety_planning",
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(WHOLE), **fields}


def places(value: Any) -> list[str]:
    draft, mistakes = read_referral_draft(value)
    assert (draft is None) == bool(mistakes)
    return [mistake.pointer for mistake in mistakes]


def test_a_whole_referral_is_read_with_harmed_first() -> None:
    draft, mistakes = read_referral_draft(WHOLE)
    assert mistakes == ()
    assert draft is not None
    assert [role.value for role in draft.named_people[0].roles] == ["harmed", "may_have_harmed"]
    assert draft.links[0].target.new is not None


def test_what_practice_asks_for_beyond_the_frame_is_never_refused() -> None:
    bare = {key: WHOLE[key] for key in ("kind", "received", "referrer", "subject", "efh_types")}
    assert places(bare) == []


def test_each_needed_field_is_asked_for_in_its_place() -> None:
    for name in ("kind", "received", "referrer", "subject", "efh_types"):
        without = changed()
        del without[name]
        assert places(without) == [f"/{name}"]
        assert places(changed(**{name: None})) == [f"/{name}"]


def test_a_subject_that_names_nobody_and_nothing_is_refused() -> None:
    assert places(changed(subject={"people": [], "contexts": []})) == ["/subject"]


def test_a_statement_without_a_source_is_refused_with_the_reason() -> None:
    without = changed()
    del without["links"][0]["provenance"]
    _, mistakes = read_referral_draft(without)
    assert [(m.pointer, m.code) for m in mistakes] == [("/links/0/provenance", "missing")]
    assert "without a source" in mistakes[0].detail


def test_every_mistake_comes_at_once_with_its_pointer() -> None:
    wrong = changed(kind="rumour", received="soon", colour="blue")
    wrong["links"][0]["rel"] = "associate"
    wrong["links"][0]["provenance"]["reliability"] = "gossip"
    wrong["named_people"][0]["roles"] = ["ringleader"]
    wrong["told"][0]["status"] = "maybe"
    assert sorted(places(wrong)) == [
        "/colour",
        "/kind",
        "/links/0/provenance/reliability",
        "/links/0/rel",
        "/named_people/0/roles/0",
        "/received",
        "/told/0/status",
    ]


def test_a_status_that_its_own_history_contradicts_is_a_mistake() -> None:
    wrong = changed()
    wrong["links"][0] |= {"status": "current", "status_history": [{"status": "corrected", "from": "2026-11-01"}]}
    assert places(wrong) == ["/links/0/status"]


def test_steps_of_a_history_stand_in_the_order_of_their_days() -> None:
    wrong = changed()
    wrong["links"][0]["status_history"] = [
        {"status": "disputed", "from": "2026-11-03"},
        {"status": "current", "from": "2026-11-01"},
    ]
    assert places(wrong) == ["/links/0/status_history/1/from"]


def test_the_body_must_be_an_object() -> None:
    assert places([]) != []
    assert places("text") != []
    assert places(None) != []
