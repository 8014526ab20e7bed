"""Each limit on what comes in, at the limit and one above (docs/rest.md): the first is taken, the second refused in words."""

import json
import secrets
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from api.arrival import MOST_BODY_BYTES
from api.forms import MOST_FIELDS
from api.main import create_app
from api.paging import MOST
from api.rest.bodies import DEEPEST
from api.settings import Settings
from api.sign_in.web_sessions import COOKIE, NewSession, form_token, open_session
from forum.access.actors import Purpose, Role
from forum.given import NAME_LIMIT, TEXT_LIMIT
from graph.assertions import AssertionKind
from graph.records import ActorId, new_id
from ingest.errors import TooManyRows, UnreadableFile
from ingest.plain_yaml import DEPTH_LIMIT, read_plain_yaml
from ingest.plain_yaml import SIZE_LIMIT as YAML_SIZE
from ingest.tables import CELL_LIMIT, COLUMN_LIMIT, ROW_LIMIT, SIZE_LIMIT, read_table
from tests.api.running import API, BASE, Caller, Service, description
from tests.api.test_acknowledged_writes import a_referral as a_whole_referral
from tests.attacks.asking import Answer, sign_in
from tests.attacks.crawling import fill, places_in
from tests.attacks.odd_values import nested
from tests.attacks.routes import routes_of
from tests.attacks.twin_worlds import a_pair
from tests.builders import NOW, a_peer_group, a_young_person, an_assertion, keep, keep_account
from tests.visualise.generated_maps import a_document
from visualise.document import THINGS_LIMIT, At, Thing
from visualise.document_checks import check_document
from visualise.errors import TooManySymbols, UnsoundDocument

HELD = (1_000_000, 32, 200, 20_000, 200, 20 * 1024 * 1024, 200_000, 64, 8 * 1024, 150)


def test_the_limits_are_those_that_are_published() -> None:
    limits = (
        MOST_BODY_BYTES,
        DEEPEST,
        NAME_LIMIT,
        TEXT_LIMIT,
        MOST,
        SIZE_LIMIT,
        ROW_LIMIT,
        COLUMN_LIMIT,
        CELL_LIMIT,
        THINGS_LIMIT,
    )
    assert limits == HELD and YAML_SIZE == SIZE_LIMIT and DEPTH_LIMIT == DEEPEST


def post(caller: Caller, path: str, content: bytes | Any) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()}
    body = content if isinstance(content, bytes) else json.dumps(content).encode("utf-8")
    return caller.send("POST", path, headers=headers, content=body)


@pytest.mark.parametrize(("size", "status"), [(MOST_BODY_BYTES, 201), (MOST_BODY_BYTES + 1, 413)])
def test_a_body_of_one_megabyte_is_read_and_one_byte_more_is_not(sqlite_service: Service, size: int, status: int) -> None:
    body = b'{"label": "Canal bridge"}'
    answer = post(sqlite_service.caller(), "/locations", body + b" " * (size - len(body)))
    assert answer.status_code == status


@pytest.mark.parametrize(("size", "status"), [(MOST_BODY_BYTES, 201), (MOST_BODY_BYTES + 1, 413)])
def test_a_body_that_does_not_say_how_long_it_is_is_counted(sqlite_service: Service, size: int, status: int) -> None:
    body = b'{"label": "Canal bridge"}'
    pieces = (piece for piece in (body, b" " * (size - len(body))))
    caller = sqlite_service.caller()
    headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()}
    assert caller.send("POST", "/locations", headers=headers, content=pieces).status_code == status


@pytest.fixture
def signed_in(sqlite_service: Service) -> dict[str, str]:
    """The headers of a coordinator's browser."""
    secret = secrets.token_hex(16)
    lead = ActorId(new_id())
    held = NewSession(actor=lead, role=Role.INFORMATION_GOVERNANCE, name="", purpose=Purpose.AUDIT_REVIEW)
    keep_account(sqlite_service.store, lead, Role.INFORMATION_GOVERNANCE)
    open_session(sqlite_service.store.shelf, secret, held, now=sqlite_service.clock())
    return {"Cookie": f"{COOKIE}={secret}", "Origin": BASE, "Form-Token": form_token(secret)}


@pytest.mark.parametrize(("fields", "status"), [(MOST_FIELDS, 422), (MOST_FIELDS + 1, 413)])
@pytest.mark.parametrize("filler", ["f{}=1", "", "f{}"])
def test_a_form_may_have_a_hundred_fields(
    sqlite_service: Service, signed_in: dict[str, str], fields: int, status: int, filler: str
) -> None:
    """Empty ones count as well: each costs the time of reading it. At the limit the form is read, and its person looked for."""
    own = [f"form_token={signed_in['Form-Token']}", f"person={new_id()}"]
    body = "&".join([*own, *(filler.format(number) for number in range(fields - len(own)))])
    headers = {**signed_in, "Content-Type": "application/x-www-form-urlencoded"}
    assert sqlite_service.client.post("/audit/people", content=body, headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/audit/people", "/sign-in", "/sign-out", "/look-as"])
def test_no_form_takes_in_files(sqlite_service: Service, signed_in: dict[str, str], path: str) -> None:
    answer = sqlite_service.client.post(path, files={"person": ("name.txt", b"text")}, headers=signed_in)
    assert answer.status_code == 415
    refused = sqlite_service.caller().send("POST", "/locations", files={"a": b"b"}, headers={"Idempotency-Key": "one"})
    assert (refused.status_code, refused.json()["code"]) == (415, "not-json")


def test_the_pace_is_the_same_in_worlds_that_differ_in_what_is_hidden(tmp_path: Path) -> None:
    """However much there is that this reader may not see, they are told to come back at the same request, in the same words."""
    pair = a_pair(1, Role.PRACTITIONER)
    answers: list[list[Answer]] = []
    place_of = places_in(tmp_path)
    for number, half in enumerate(pair.halves):
        place = place_of(number)
        store = place.make()
        fill(store, pair, half)
        app = create_app(Settings(store=place.url, requests_a_minute=20), lambda: NOW, Random(pair.seed).randbytes)
        asker = sign_in(app, store.shelf, role=pair.role, actor=pair.actor, secret=pair.secret, now=NOW)
        with asker.client:
            paths = [route.template for route in routes_of(app) if route.method == "GET" and not route.parameters]
            answers.append([Answer.of(asker.ask("GET", path)) for path in paths if path != f"{API}/clusters"])
        place.opened.close()
    one, other = answers
    assert one == other
    statuses = [answer.status for answer in one]
    assert statuses.count(429) >= 3 and statuses.count(200) >= 3


@pytest.mark.parametrize(("deep", "code"), [(DEEPEST, "rejected"), (DEEPEST + 1, "unreadable-body")])
def test_a_body_may_be_thirty_two_deep(sqlite_service: Service, deep: int, code: str) -> None:
    """At the limit the body is read, and the field that nobody asked for is what is wrong with it."""
    answer = post(sqlite_service.caller(), "/locations", {"label": "Canal bridge", "more": nested(deep - 1, lists=True)})
    assert (answer.json()["code"] == "unreadable-body") is (code == "unreadable-body")
    assert answer.status_code == (400 if code == "unreadable-body" else 422)


@pytest.mark.parametrize(("field", "limit"), [("known_as", NAME_LIMIT), ("pseudonym", NAME_LIMIT), ("note", TEXT_LIMIT)])
def test_a_text_as_long_as_it_may_be_is_kept_whole(sqlite_service: Service, field: str, limit: int) -> None:
    caller = sqlite_service.caller()
    given = {"known_as": "Arlo", field: "😀" * limit}
    made = post(caller, "/young-people", given)
    assert made.status_code == 201
    assert caller.get(f"/young-people/{made.json()['id']}").json()[field] == given[field]
    longer = post(caller, "/young-people", {**given, field: given[field] + "n"})
    assert longer.status_code == 422 and (longer.json()["errors"][0]["pointer"], longer.json()["errors"][0]["code"]) == (
        f"/{field}",
        "too-long",
    )


def test_a_narrative_of_twenty_thousand_characters_is_kept_and_one_more_is_refused(sqlite_service: Service) -> None:
    caller = sqlite_service.caller()
    body = {
        "kind": "location", "received": "2026-11-20", "referrer": {"role": "warden", "agency": "police"}, "efh_types": ["cce"],
        "subject": {"contexts": [{"type": "location", "label": "Canal bridge"}]}, "narrative": "n" * TEXT_LIMIT,
    }  # fmt: skip
    assert post(caller, "/referrals", body).status_code == 201
    refused = post(caller, "/referrals", {**body, "narrative": "n" * (TEXT_LIMIT + 1)})
    assert [(mistake["pointer"], mistake["code"]) for mistake in refused.json()["errors"]] == [("/narrative", "too-long")]


@pytest.mark.parametrize(("limit", "status"), [(0, 422), (1, 200), (MOST, 200), (MOST + 1, 422)])
def test_a_page_holds_two_hundred_at_most(sqlite_service: Service, limit: int, status: int) -> None:
    assert sqlite_service.caller().get(f"/contexts?limit={limit}").status_code == status


@pytest.mark.parametrize(("length", "status"), [(200, 201), (201, 400), (0, 400)])
def test_a_key_is_two_hundred_characters_at_most(sqlite_service: Service, length: int, status: int) -> None:
    answer = sqlite_service.caller().post("/locations", {"label": "Canal bridge"}, **{"Idempotency-Key": "k" * length})
    assert answer.status_code == status


def test_a_table_may_have_two_hundred_thousand_rows() -> None:
    assert len(read_table(b"a,b\n" + b"1,2\n" * ROW_LIMIT).rows) == ROW_LIMIT
    with pytest.raises(TooManyRows):
        read_table(b"a,b\n" + b"1,2\n" * (ROW_LIMIT + 1))


@pytest.mark.parametrize(("columns", "taken"), [(COLUMN_LIMIT, True), (COLUMN_LIMIT + 1, False)])
def test_a_table_may_have_sixty_four_columns(columns: int, taken: bool) -> None:
    table = b"\n".join(b",".join([b"c"] * columns) for _ in range(2))
    if taken:
        assert len(read_table(table).columns) == columns
    else:
        with pytest.raises(UnreadableFile):
            read_table(table)


@pytest.mark.parametrize("sign", ["n", "é", "😀"])
def test_a_cell_may_hold_eight_kilobytes(sign: str) -> None:
    full = sign * (CELL_LIMIT // len(sign.encode("utf-8")))
    assert len(read_table(f"a,b\n1,{full}\n".encode()).rows) == 1
    over = read_table(f"a,b\n1,{full}n\n".encode())
    assert over.rows == () and [row.code for row in over.rejected] == ["too-long"]


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_may_have_twenty_megabytes(more: int) -> None:
    cell = b"n" * 8_000
    row = b"1," + cell + b"\n"
    whole = b"a,b\n" + row * ((SIZE_LIMIT - 4) // len(row))
    table = whole + b"\n" * (SIZE_LIMIT + more - len(whole))
    if more:
        with pytest.raises(UnreadableFile):
            read_table(table)
    else:
        assert len(read_table(table).rows) == (SIZE_LIMIT - 4) // len(row)


@pytest.mark.parametrize("more", [0, 1])
def test_a_case_file_may_be_thirty_two_deep(more: int) -> None:
    given = json.dumps(nested(DEPTH_LIMIT + more, lists=True)).encode()
    if more:
        with pytest.raises(UnreadableFile):
            read_plain_yaml(given, what="case file")
    else:
        assert read_plain_yaml(given, what="case file").mistakes == ()


def test_a_case_file_may_have_twenty_megabytes_and_not_one_byte_more() -> None:
    with pytest.raises(UnreadableFile):
        read_plain_yaml(b"#" * (SIZE_LIMIT + 1), what="case file")
    with pytest.raises(UnreadableFile, match="empty"):
        read_plain_yaml(b"#" * SIZE_LIMIT, what="case file")


@pytest.mark.parametrize("more", [0, 1])
def test_a_picture_carries_a_hundred_and_fifty_things(more: int) -> None:
    things = tuple(
        Thing(f"t{n}", "location", f"Place {n}", False, At(n % 15 / 15, n // 15 / 12, "auto")) for n in range(THINGS_LIMIT + more)
    )
    document = a_document(things, (), title="Map")
    if more:
        with pytest.raises(UnsoundDocument):
            check_document(document)
    else:
        check_document(document)


# What stands for another record is looked up once everything else is right, and is refused then.
REFERENCES = {("/api/v1/assertions", "from"), ("/api/v1/assertions", "to"), ("/api/v1/incidents", "where")}


def text_fields() -> list[tuple[str, str]]:
    """Every field that takes a text, of every body that makes or searches for something."""
    found = []
    for path, operations in description()["paths"].items():
        for operation in operations.values():
            if "requestBody" not in operation or "{" in path:
                continue
            named = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            for field, schema in description()["components"]["schemas"][named].get("properties", {}).items():
                if any(kind.get("type") == "string" for kind in (schema, *schema.get("anyOf", ()))) or "enum" in schema:
                    found.append((path, field))
    return found


def test_no_field_of_any_body_takes_a_text_that_is_longer_than_any_may_be(sqlite_service: Service) -> None:
    callers = [sqlite_service.caller(role) for role in Role]
    fields = text_fields()
    for path, field in fields:
        answers = [post(caller, path.removeprefix(API), {field: "n" * (TEXT_LIMIT + 1)}) for caller in callers]
        told = [answer.json() for answer in answers if answer.status_code != 403]
        assert told and {answer["status"] for answer in told} == {422}, f"{path} {field}"
        if (path, field) not in REFERENCES:
            assert all(f"/{field}" in [mistake["pointer"] for mistake in answer["errors"]] for answer in told), f"{path} {field}"
    assert len(fields) > 60 and {path for path, _ in REFERENCES} <= {path for path, _ in fields}


@pytest.mark.parametrize(("length", "status"), [(TEXT_LIMIT, 200), (TEXT_LIMIT + 1, 422)])
def test_the_reason_for_a_step_of_a_statements_life_is_a_text_like_any_other(
    sqlite_service: Service, length: int, status: int
) -> None:
    caller = sqlite_service.caller()
    made = caller.post("/referrals", a_whole_referral(1)).json()["id"]
    statement = caller.get(f"/referrals/{made}").json()["links"][0]["id"]
    assert post(caller, f"/assertions/{statement}/dispute", {"reason": "n" * length}).status_code == status


@pytest.mark.parametrize(("things", "status"), [(THINGS_LIMIT, 200), (THINGS_LIMIT + 1, 422)])
def test_a_map_of_a_hundred_and_fifty_things_is_drawn_and_one_more_is_not(
    sqlite_service: Service, things: int, status: int
) -> None:
    group = a_peer_group()
    members = [a_young_person() for _ in range(things - 1)]
    ties = [an_assertion(member, group, says=AssertionKind.MEMBER_OF) for member in members]
    keep(sqlite_service.store, group, *members, *ties)
    caller = sqlite_service.caller()
    asked = {
        "kind": "peer", "around": group.id, "steps": 1, "mode": "coordination", "purpose": "p", "owner": "o",
        "review_by": "2026-12-01",
    }  # fmt: skip
    answer = caller.get(f"/maps/{caller.post('/maps', asked).json()['id']}")
    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()["things"]) == THINGS_LIMIT
    else:
        assert answer.json()["code"] == TooManySymbols.code
