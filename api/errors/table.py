"""The one table from an error to the status of its answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import forum.errors as forum_errors
import graph.errors as graph_errors
import ingest.errors as ingest_errors
import visualise.errors as visualise_errors
from api.errors.refusals import (
    ApiError,
    BadCursor,
    BodyTooLarge,
    BodyTooSlow,
    CrossSite,
    FindingUnavailable,
    MissingKey,
    MissingTag,
    NotAForm,
    NotJson,
    NotSignedIn,
    Rejected,
    StaleTag,
    StepUpNeeded,
    TooBusy,
    TooManyFields,
    TooManyRequests,
    UnknownHost,
    UnknownPurpose,
    UnreadableBody,
)


@dataclass(frozen=True, slots=True)
class Row:
    """What the answer to one kind of error is."""

    status: int
    title: str
    retry_after: int | None = None


GONE = Row(404, "Not found")
UNAVAILABLE = Row(503, "Sorry, the service is unavailable", retry_after=5)
# Waiting does not mend it: somebody has to do what it says. An hour keeps programs from asking again and again.
REFUSED = Row(503, "Sorry, the service is unavailable", retry_after=3600)
FAULT = Row(500, "Sorry, there is a problem with the service")

TABLE: Mapping[type[Exception], Row] = {
    graph_errors.GraphError: FAULT,
    graph_errors.RecordNotFound: GONE,
    graph_errors.RecordErased: Row(410, "This record has been erased"),
    graph_errors.VersionConflict: Row(412, "Someone else changed this record"),
    graph_errors.MissingCitation: Row(422, "Something named is not there"),
    graph_errors.UnauditedWrite: FAULT,
    graph_errors.AlreadyDone: Row(200, "Already done"),
    graph_errors.KeyReused: Row(422, "The key was used before"),
    graph_errors.StoreBusy: Row(503, "Sorry, the service is busy", retry_after=1),
    graph_errors.StoreUnavailable: UNAVAILABLE,
    graph_errors.StoreFull: UNAVAILABLE,
    graph_errors.AuditUnavailable: UNAVAILABLE,
    graph_errors.StoreRefused: REFUSED,
    graph_errors.StoreNotEmpty: Row(409, "The store is not empty"),
    graph_errors.StoreInUse: UNAVAILABLE,
    graph_errors.DamagedExport: Row(422, "The file is damaged"),
    graph_errors.CannotStoreExactly: Row(422, "A value cannot be kept as it is"),
    graph_errors.NotKept: GONE,
    forum_errors.ForumError: FAULT,
    forum_errors.NotPermitted: Row(403, "Not permitted"),
    forum_errors.SeparateDuties: Row(403, "Not permitted"),
    forum_errors.Incomplete: Row(422, "Some things need mending"),
    forum_errors.IncompleteReferral: Row(422, "The referral is not complete"),
    forum_errors.IncompleteMap: Row(422, "The map is not complete"),
    forum_errors.RefusedAccess: Row(422, "This cannot be given"),
    forum_errors.LastInRole: Row(409, "Nobody else holds this role"),
    forum_errors.OwnWork: Row(409, "Not one's own"),
    forum_errors.WrongState: Row(409, "Not possible from where it stands"),
    forum_errors.SheetExpired: Row(409, "The map is past its date"),
    forum_errors.FormForbidden: Row(409, "The map's mode forbids this file"),
    ingest_errors.IngestError: Row(422, "The file cannot be taken in"),
    visualise_errors.VisualiseError: FAULT,
    visualise_errors.TooManySymbols: Row(422, "Too many things for one picture"),
    visualise_errors.UnsoundDocument: FAULT,
    visualise_errors.PictureTooFull: Row(409, "The map does not fit on the paper"),
    visualise_errors.UnsafePicture: FAULT,
    visualise_errors.NotOffered: FAULT,
    visualise_errors.FormMissing: Row(409, "This form of file cannot be made here"),
    ApiError: Row(400, "The request cannot be answered"),
    NotSignedIn: Row(401, "Not signed in"),
    StepUpNeeded: Row(403, "Sign in again"),
    CrossSite: Row(403, "Not from this service"),
    UnknownPurpose: Row(422, "Unknown purpose"),
    MissingKey: Row(400, "A key is needed"),
    MissingTag: Row(428, "A tag is needed"),
    StaleTag: Row(412, "Someone else changed this record"),
    UnreadableBody: Row(400, "The body cannot be read"),
    NotJson: Row(415, "The body is not JSON"),
    BodyTooLarge: Row(413, "The body is too large"),
    BodyTooSlow: Row(408, "The body did not arrive"),
    BadCursor: Row(422, "The cursor does not fit"),
    UnknownHost: Row(421, "Unknown host"),
    TooBusy: Row(503, "Sorry, the service is busy", retry_after=1),
    TooManyRequests: Row(429, "Too many requests", retry_after=60),
    FindingUnavailable: Row(503, "Sorry, this cannot be worked out just now", retry_after=10),
    TooManyFields: Row(413, "The form has too many fields"),
    NotAForm: Row(415, "The form cannot be read"),
    Rejected: Row(422, "Some things need mending"),
}


def row_for(error: BaseException) -> Row:
    """The row of an error: its own, else that of the nearest base; anything unknown is a fault."""
    return next((TABLE[base] for base in type(error).__mro__ if base in TABLE), FAULT)
