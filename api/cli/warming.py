"""What the first answer would otherwise wait for, done once before the service says that it is ready.

Routes are finished, templates compiled, the findings of those who may read all worked out; what the front page reads is read,
and what the audit would say of it rehearsed, so that a database server has its plans and pages at hand. Nothing of it is kept
as an answer, and it shows nobody anything.
"""

import asyncio

from fastapi import FastAPI
from starlette.types import Message

from api.dependencies import House
from api.dependencies.house import current_now
from api.pages.drawing import environment
from api.pages.presenters.labels import Labels
from api.pages.presenters.linked_referrals import find_for_front_page, present_front_page
from forum.access.actors import Actor, Role
from forum.access.disclosure import Disclosure
from forum.access.standing import sight_for
from forum.kinds import CASE_KINDS
from forum.maps import MapSheet
from graph.records import ActorId, RecordId, new_id
from graph.store.boundary import AuditEntry

NO_SUCH_PLACE = "/nothing-is-here"


def warm_up(app: FastAPI) -> None:
    """Leaves the service able to give its first answer as quickly as the next. Raises what the store raises."""
    house: House = app.state.house
    asyncio.run(_finish_routes(app))
    for name in environment().list_templates():
        environment().get_template(name)
    _work_out_findings(house)


async def _finish_routes(app: FastAPI) -> None:
    """The framework makes a route ready when it first looks at it, and it looks at every one for what none of them answers."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Message) -> None:
        return None

    scope = {"type": "http", "method": "GET", "path": NO_SUCH_PLACE, "headers": [], "query_string": b"", "root_path": ""}
    await app.router(scope, receive, send)


def _work_out_findings(house: House) -> None:
    now = house.clock()
    # As long as everybody's id, and its role that of those who read all.
    reader = Actor(id=ActorId(new_id()), role=Role.COORDINATOR, forum=house.facts.forum, signed_in_at=now)
    taken = current_now(house, now)
    sight = sight_for(house.store, reader, now=now, case=CASE_KINDS, taken_as_now=taken)
    found = find_for_front_page(house.projection.within(sight.scope), taken.date())
    with house.store.view(sight.scope) as view:
        present_front_page(found, Labels(view, Disclosure(reader)), page=1)
        view.find(MapSheet)
    house.store.rehearse([AuditEntry(at=now, actor=reader.id, action="find_linked_referrals", about=(RecordId(new_id()),))])
