"""The shapes of a referral on the wire, for the OpenAPI description; forum.referral_drafts says what is wrong with a body."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

STRICT = ConfigDict(extra="forbid")
Reference = str | dict[str, Any]


class ProvenanceIn(BaseModel):
    """Where a statement comes from."""

    model_config = STRICT
    kind: str = Field(description="A code of PROV_KIND.")
    source_role: str
    agency: str | None = Field(description="A code of AGENCY, or null.")
    reliability: str = Field(description="A code of RELIABILITY.")
    date_known: str | None = Field(description="The day it was true or seen, or null.")
    date_recorded: str | None = None
    how_sure: str | None = None
    first_hand: bool | None = None
    corroborated_by: list[str] = []
    handling: str | None = Field(default=None, description="A code of HANDLING; panel_item when left out.")
    review_by: str | None = None
    note: str | None = None


class StandingIn(BaseModel):
    """One dated step of a statement's life."""

    model_config = STRICT
    status: str
    since: str = Field(alias="from")
    by: str | None = None


class LinkIn(BaseModel):
    """One statement that two things are tied."""

    model_config = STRICT
    id: str | None = None
    ref: str | None = None
    source: Reference = Field(alias="from")
    rel: str = Field(description="A code of REL.")
    to: Reference
    provenance: ProvenanceIn
    status: str | None = None
    status_history: list[StandingIn] | None = None
    within: str | None = None
    protective: bool | None = None
    wording: str | None = None
    time_band: str | list[str] | None = None
    occurrences: int | None = None


class ReferrerIn(BaseModel):
    """Who refers."""

    model_config = STRICT
    role: str
    agency: str = Field(description="A code of AGENCY.")
    authority: str | None = None
    via: str | None = None


class SubjectIn(BaseModel):
    """Who or what a referral is about: ids, or new people and contexts described in place."""

    model_config = STRICT
    people: list[Reference] = []
    contexts: list[Reference] = []


class NamedIn(BaseModel):
    model_config = STRICT
    person: Reference
    roles: list[str] = []


class UnnamedIn(BaseModel):
    model_config = STRICT
    id: str | None = None
    ref: str | None = None
    size_band: str | None = None
    roles: list[str] = []


class PartIn(BaseModel):
    model_config = STRICT
    narrative: str | None = None
    strengths: str | None = None
    worries: str | None = None
    what_would_help: str | None = None
    whose_words: str | None = None


class GuardianIn(BaseModel):
    model_config = STRICT
    who: str
    context: Reference | None = None
    willing: bool | None = None
    present: list[str] = []
    mode: str | None = None


class OccurrencesIn(BaseModel):
    model_config = STRICT
    count: int | None = None
    time_band: str | list[str] | None = None
    term_time: bool | None = None


class EventIn(BaseModel):
    model_config = STRICT
    id: str | None = None
    ref: str | None = None
    kind: str
    participants: list[Reference] = []
    date: str | None = None


class ToldIn(BaseModel):
    model_config = STRICT
    person: Reference
    who: str = Field(description="young_person or parent_carer.")
    status: str = Field(description="A code of TOLD.")
    date: str | None = None
    due: str | None = None
    supervisor_signed: bool | None = None


class ReferralIn(BaseModel):
    """A whole referral. A person or context that does not exist yet is described in place of an id."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "location",
                "received": "2026-11-21",
                "referrer": {"role": "housing officer", "agency": "housing_landlord"},
                "subject": {"people": [], "contexts": [{"type": "location", "label": "Canal bridge"}]},
                "efh_types": ["other"],
                "narrative": "The lights are out.",
            }
        },
    )
    id: str | None = None
    kind: str = Field(description="A code of REF_KIND.")
    received: str
    channel: str | None = None
    referrer: ReferrerIn
    subject: SubjectIn
    efh_types: list[str] = Field(description="One or more codes of EFH_TYPE.")
    reason: str | None = None
    strengths: str | None = None
    change_hoped_for: str | None = None
    narrative: str | None = None
    parts: dict[str, PartIn] | None = None
    named_people: list[NamedIn] = []
    unnamed: list[UnnamedIn] = []
    concerns_contexts: list[Reference] = []
    home_family: dict[str, list[str]] | None = None
    guardians: list[GuardianIn] = []
    conditions: dict[str, str] | None = None
    policy_gap: str | None = None
    occurrences: OccurrencesIn | None = None
    group_friendship: dict[str, Any] | None = None
    out_of_area: bool | None = None
    events: list[EventIn] = []
    links: list[LinkIn] = []
    told: list[ToldIn] = []
    lawful_basis: str | None = None
    sharing_purpose: str | None = None


class LinkOut(BaseModel):
    """A statement as it stands today for this reader."""

    model_config = ConfigDict(extra="allow")
    id: str
    status: str


class ReferralOut(BaseModel):
    """A referral as this reader may see it; what is not theirs to see is absent."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"id": "5f0c…", "kind": "individual"}})
    id: str
    kind: str
    received: str
    subject: dict[str, list[str]]
    links: list[LinkOut]
    flags: list[str] | None = None
