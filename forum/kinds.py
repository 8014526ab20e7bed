"""The kinds of record that decisions are kept in. `api.main` gives a store GRAPH_KINDS and these; nothing registers itself."""

from forum.access.accounts import Account
from forum.access.conflicts import Conflict
from forum.access.coverage import CaseKinds
from forum.access.grants import Grant
from forum.access.restrictions import Restriction
from forum.access.sheets import ContextSheet
from forum.actions import Action
from forum.maps import MapSheet
from forum.meetings import AgendaItem
from forum.membership import Forum
from forum.participation import Awareness
from forum.referrals import Referral
from forum.rights import RightsRequest
from forum.same_person import SamePersonJudgement
from forum.weighting import ContextWeighting
from graph.records import Record

FORUM_KINDS: tuple[type[Record], ...] = (
    Account,
    Action,
    AgendaItem,
    Awareness,
    Conflict,
    ContextSheet,
    ContextWeighting,
    Forum,
    Grant,
    MapSheet,
    Referral,
    Restriction,
    RightsRequest,
    SamePersonJudgement,
)

# What a grant on a referral or a young person reaches through (forum.access.standing).
CASE_KINDS = CaseKinds(
    referral=Referral,
    awareness=Awareness,
    about_one=(Action, AgendaItem, Awareness, ContextWeighting, MapSheet, RightsRequest, SamePersonJudgement),
    only_whole=(AgendaItem,),
)
