"""Which role may do what, written out by hand from the role table of the forum and its published departures.

It is no copy of what the product works out: the cells are those of the table in docs/access.md, read by somebody, and each line
that goes by a departure from its cell says so. A permission without a line here fails whatever asks about it.
"""

from forum.access.actors import Role

EVERYBODY = "referrer practitioner panel_member guest coordinator chair analyst information_governance administrator"
CASES = "practitioner panel_member coordinator chair"
WRITERS = "practitioner coordinator chair"
CHAIRS = "coordinator chair"

WHO_MAY: dict[str, str] = {
    "make_referral": f"referrer {WRITERS}",  # a departure: chair and coordinator too; panel members and guests not yet
    "read_referral": f"referrer {CASES}",  # a departure: guests and information governance not yet
    "change_referral": CHAIRS,  # a departure: there is no screening yet, before which its writer could
    "make_young_person": WRITERS,  # a departure: referrers inside their referral alone; panel members and guests not yet
    "read_young_person": CASES,  # a departure: guests and information governance not yet
    "change_young_person": WRITERS,
    "make_context": WRITERS,  # a departure: practitioners, since proposals have no list yet
    "read_context": f"guest {CASES}",  # a departure: information governance not yet
    "change_context": WRITERS,
    "make_statement": WRITERS,  # a departure: referrers inside their referral alone
    "read_statement": CASES,
    "change_statement": WRITERS,
    "make_incident": WRITERS,  # a departure: referrers inside their referral alone
    "read_incident": CASES,
    "read_findings": CASES,
    "read_hotspots": f"analyst {CASES}",  # a departure: the cell says it in words
    "read_told": CASES,  # a departure: guests and information governance not yet
    "make_map": WRITERS,
    "read_map": CASES,  # a departure: guests and information governance not yet
    "export_map": WRITERS,  # a departure: an analyst exports a release, never a map
    "read_code_lists": EVERYBODY,  # a departure: chair, coordinator and administrator too
    "give_grant": CHAIRS,
    "read_grants": EVERYBODY,  # a departure: everybody their own
    "end_grant": f"{CHAIRS} information_governance",  # a departure: the cell says it in words, revoke any
    "make_restriction": f"{CHAIRS} information_governance",  # a departure: one, until two can approve
    "read_restrictions": f"{CHAIRS} information_governance",  # a departure, the same
    "end_restriction": f"{CHAIRS} information_governance",  # a departure, the same
    "declare_conflict": EVERYBODY,
    "read_conflicts": EVERYBODY,
    "end_conflict": EVERYBODY,
    "make_agenda_item": CHAIRS,
    "read_agenda": CASES,  # a departure: guests not yet
    "change_agenda_item": CHAIRS,
    "keep_own_sessions": EVERYBODY,  # a departure: everybody their own
    "end_sessions_of_others": "information_governance",
    "read_own_audit": EVERYBODY,  # a departure: everybody their own
    "look_as_somebody_else": EVERYBODY,  # a departure: on evaluation stores alone
    "read_audit_of_cases": f"referrer {WRITERS}",  # a departure: chairs may own cases; panel members, guests and analysts none
    "read_audit_of_person": "information_governance",
}  # fmt: skip


def may(role: Role, permission: str) -> bool:
    """Whether a role may do this at all, before any record is looked at."""
    return role.value in WHO_MAY[str(permission)].split()
