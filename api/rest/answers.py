"""How a route answers: JSON whose bytes are settled, the short answer of a write, and the tag of what is to be changed."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.conditional import compare_tag, json_bytes, json_bytes_of_lists
from api.dependencies import ActorDep, IfMatchDep, RealNowDep, WriterDep, action_of, at_once
from forum.access.actors import Actor
from forum.access.disclosure import Disclosure
from forum.access.grants import grant_author
from forum.access.standing import Sight
from forum.audit import record_change
from forum.errors import NotPermitted
from graph.assertions import PEOPLE
from graph.records import RecordId
from graph.store.boundary import Writer


class Created(BaseModel):
    """What a POST that makes something answers: its id, and what to ask about next."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": "5f0c…", "prompts": ["Nothing is said about school."]}})
    id: str = Field(description="The id of what was made.")
    prompts: list[str] = Field(description="What to ask about next; nothing here refuses anything.")


class Patch(BaseModel):
    """A JSON Merge Patch (RFC 7396) of what was read: null takes away, objects merge, everything else replaces."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": {"note": "Asked again in May."}})


class Total(BaseModel):
    """How many there are that this reader may see."""

    value: int
    relation: str = Field(description="exact or at_least")


def json_answer(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer. The same value always gives the same bytes: tags and digests are made of them."""
    return Response(json_bytes(value), status, headers, media_type="application/json")


def json_answer_of_lists(lists: Mapping[str, Iterable[Any]]) -> Response:
    """The same for an object of lists that may be long, made one item at a time."""
    return Response(json_bytes_of_lists(lists), media_type="application/json")


@dataclass(frozen=True, slots=True)
class WriteAnswer:
    """How a route that writes says what it did: in the audit, under its key, and in its answer. Nothing personal in either."""

    request: Request
    writer: Writer
    actor: Actor
    now: datetime

    def created(
        self,
        record_id: RecordId,
        *,
        at: str,
        resources: Collection[RecordId] = (),
        about: Collection[RecordId] = (),
        prompts: Sequence[str] = (),
        granted: bool = True,
    ) -> Response:
        """201 with `Location: /api/v1{at}`. Whoever made it may read it for ninety days, unless `granted` is False."""
        if granted:
            grant_author(self.writer, to=self.actor.id, covers=record_id, now=self.now)
        location = f"/api/v1{at}"
        body = {"id": record_id, "prompts": list(prompts)}
        return self._done(201, body, resources={record_id, *resources}, about=about, location=location)

    def done(
        self, body: Mapping[str, Any], *, resources: Collection[RecordId] = (), about: Collection[RecordId] = ()
    ) -> Response:
        """200 with a body that holds nothing personal, such as an id and a status; a repeat gives the same again."""
        return self._done(200, body, resources=resources, about=about)

    def must_be_theirs_to_change(self, record_id: RecordId) -> None:
        """NotPermitted unless the role changes all, or a grant covers this record, which the actor may read."""
        sight: Sight = self.request.state.sight
        if not sight.may_change(self.actor.role, record_id):
            raise NotPermitted

    def changed(self, *, resources: Collection[RecordId] = (), about: Collection[RecordId] = ()) -> None:
        """Says in the audit what was changed, for a route that answers with the record itself (PATCH, `repeated_as`).

        What of `about` is nobody, such as the place at one end of a statement, stands among the records.
        """
        sight: Sight = self.request.state.sight
        kinds = self.writer.kinds_of(sorted(set(about))) if about else {}
        things = {found for found, kind in kinds.items() if kind not in PEOPLE}
        resources, about = {*resources, *things}, set(about) - things
        record_change(
            self.writer, self.actor, action_of(self.request), resources=resources, about=about, now=self.now,
            grants=sight.grants, under=sight.under(about),
        )  # fmt: skip

    def _done(
        self,
        status: int,
        body: Mapping[str, Any],
        *,
        resources: Collection[RecordId],
        about: Collection[RecordId],
        location: str | None = None,
    ) -> Response:
        self.changed(resources=set(resources) - set(about), about=about)
        content = json_bytes(body)
        place = {"location": location} if location else {}
        self.writer.answer({"status": str(status), "body": content.decode("utf-8"), **place})
        return Response(content, status, {"Location": location} if location else None, media_type="application/json")


def write_answer(request: Request, writer: WriterDep, actor: ActorDep, now: RealNowDep) -> WriteAnswer:
    """What a route that writes answers with; `now` is the real moment."""
    return WriteAnswer(request, writer, actor, now)


WriteAnswerDep = Annotated[WriteAnswer, Depends(at_once(write_answer))]


@dataclass(frozen=True, slots=True)
class Change:
    """The conditional half of a PATCH: the tag that was sent, and a disclosure that is thrown away."""

    if_match: str
    unseen: Disclosure

    def compare(self, representation: Any) -> None:
        """Raises StaleTag unless the tag is that of what this viewer is shown now, built again with `unseen`."""
        compare_tag(self.if_match, json_bytes(representation))


def conditional_change(if_match: IfMatchDep, actor: ActorDep) -> Change:
    """What a PATCH needs to know that nobody's change is lost."""
    return Change(if_match, Disclosure(actor))


ChangeDep = Annotated[Change, Depends(at_once(conditional_change))]


def example(text: str) -> dict[str, Any]:
    """An example for a model's description, from JSON text."""
    return {"example": json.loads(text)}
