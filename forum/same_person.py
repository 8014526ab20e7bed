"""Are these two records one person? A person judges; nothing merges by name."""

from typing import ClassVar

from graph.records import ActorId, FieldClass, Record, RecordId, cites, record, shown_as


@record
class SamePersonJudgement(Record):
    """What somebody judged of records that share a name: `same` is False for different people. Never applied by itself."""

    KIND: ClassVar[str] = "SamePersonJudgement"
    people: tuple[RecordId, ...] = cites()
    same: bool = shown_as(FieldClass.IDENTITY)
    shared_name: str | None = shown_as(FieldClass.IDENTITY, default=None)
    reason: str = shown_as(FieldClass.NARRATIVE, default="")
    judged_by: ActorId = shown_as(FieldClass.OPEN)
