"""A journey through the served borough of Calderwick, by page and by program, and nothing of anybody in the log it leaves.

The log is searched for every name, label, id, free text, token and link that was used or answered on the way.
"""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import yaml

from api.cli import main
from api.logs import ALLOWED_KEYS
from tests.api.cli.test_serving import CASE, Running, running
from tests.api.running import API, description

# What stands in the log besides, of which a word of the case may happen to be a part: names of routes, and words of ours.
TEXTS = {
    "known_as", "pseudonym", "label", "everyday_name", "narrative", "reason", "note", "strengths", "change_hoped_for", "wording",
    "why", "text", "words", "name", "shown", "guardian", "condition",
}  # fmt: skip
SHORTEST = 5
NAMED = {
    "known_as": "Wren Ashdown-Vale", "label": "Merle's Yard by the weir", "narrative": "Wren was seen at Merle's Yard at dusk.",
    "reason": "The family hears engines at night.", "search": "Ashdown", "path": "Wren%20Ashdown", "wrong": "Marlowe Fenwick",
    "method": "MARLOWE-FENWICK",
}  # fmt: skip


def texts_of(case: Any) -> Iterator[str]:
    """Every name, label and free text of a case, however deep."""
    if isinstance(case, list):
        for item in case:
            yield from texts_of(item)
    elif isinstance(case, dict):
        for name, value in case.items():
            if name in TEXTS and isinstance(value, str) and len(value) >= SHORTEST:
                yield value
            yield from texts_of(value)


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, set[str], int]:
    """The log of a whole journey, everything that may not stand in it, and how many answers there were."""
    folder = tmp_path_factory.mktemp("journey")
    url = f"sqlite:///{folder / 'kith.db'}"
    assert main(["load", str(CASE), "--store", url, "--ids", str(folder / "ids.json")]) == 0
    ids: Mapping[str, str] = json.loads((folder / "ids.json").read_text("utf-8"))
    secret = set(ids.values()) | {name for name in ids if len(name) >= SHORTEST}
    secret |= set(texts_of(yaml.safe_load(CASE.read_text("utf-8")))) | set(NAMED.values())
    pace = {"KITH_REQUESTS_A_MINUTE": "1000000"}
    with running("serve", "--port", "0", "--store", url, "--on", "2026-11-21", data=folder / "data", **pace) as service:
        journey = Journey(service, ids, secret)
        journey.sign_in()
        journey.refer()
        journey.read_everything()
        journey.go_wrong()
    return (folder / "log").read_text("utf-8"), secret, journey.answers


class Journey:
    """One coordinator, in a browser and with a program's requests in the same session."""

    def __init__(self, service: Running, ids: Mapping[str, str], secret: set[str]) -> None:
        self.ids, self.secret, self.answers = ids, secret, 0
        assert service.link is not None
        self.code = service.link.group().partition("code=")[2]
        self.base = service.base
        self.browser = httpx.Client(base_url=service.base, timeout=60, headers={"Origin": service.base})
        self.token = ""

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Kith-Form-Token": self.token} | options.pop("headers", {})
        if method == "POST":
            headers = {"Idempotency-Key": secrets.token_hex(12)} | headers
            self.secret.add(headers["Idempotency-Key"])
        self.answers += 1
        return self.browser.request(method, path, headers=headers, **options)

    def sign_in(self) -> None:
        self.ask("GET", f"/sign-in?code={self.code}")
        assert self.ask("POST", "/sign-in", data={"code": self.code}).status_code == 303
        found = re.search(r'name="form_token" value="(\w+)"', self.ask("GET", "/contexts").text)
        assert found is not None
        self.token = found.group(1)
        self.secret |= {self.code, self.token, *self.browser.cookies.values()}

    def refer(self) -> None:
        """A referral, a person and a place made, found, read and changed; a map of them with all its forms."""
        body = {
            "kind": "individual", "received": "2026-11-20", "referrer": {"role": "teacher", "agency": "school_college_ap"},
            "subject": {"people": [{"known_as": NAMED["known_as"], "ref": "y"}]}, "efh_types": ["cce"],
            "narrative": NAMED["narrative"], "reason": NAMED["reason"],
            "links": [
                {"from": "y", "rel": "harmed_at", "to": {"type": "location", "label": NAMED["label"]}, "provenance": {
                    "kind": "observed", "source_role": "teacher", "agency": None, "reliability": "first_hand", "date_known": None,
                }},
            ],
        }  # fmt: skip
        made = self.ask("POST", f"{API}/referrals", json=body)
        assert made.status_code == 201, made.text
        referral = self.ask("GET", made.headers["Location"]).json()
        link = referral["links"][0]
        self.new = {"referral": referral["id"], "person": link["from"], "place": link["to"], "statement": link["id"]}
        self.secret |= set(self.new.values())
        found = self.ask("POST", f"{API}/young-people/search", json={"name": NAMED["search"]})
        assert found.json()["total"]["value"] == 1
        place = self.ask("GET", f"{API}/locations/{link['to']}")
        changed = self.ask("PATCH", f"{API}/locations/{link['to']}", json={"everyday_name": "the Yard"},
                           headers={"If-Match": place.headers["ETag"]})  # fmt: skip
        assert changed.status_code == 200
        self.ask("POST", f"{API}/assertions/{link['id']}/dispute", json={"reason": NAMED["reason"]})

    def read_everything(self) -> None:
        """Every list, every record of the case on every route that takes one, and every page."""
        maps = [self.a_map(around) for around in (self.ids["YP01"], self.ids["PG1"])]
        records = [self.ids[name] for name in ("YP01", "REF-01", "LOC2", "SCH1", "PG1", "NBH1", "ONL1")] + [*self.new.values()]
        pages = ["/", "/referrals", "/contexts", "/audit/people", "/audit/cases", "/audit/mine"]
        for path in [*description()["paths"], *pages]:
            if "{" not in path and not path.endswith("/search"):
                self.ask("GET", path)
                self.ask("GET", f"{path}?page=2")
        for template in [*description()["paths"], "/referrals/{id}", "/contexts/{id}", "/maps/{map_id}"]:
            if template.count("{") == 1:
                for one in maps if "{map_id}" in template else records:
                    answer = self.ask("GET", re.sub(r"\{\w+\}", one, template))
                    self.ask("GET", answer.request.url.path, headers={"If-None-Match": answer.headers.get("ETag", '"x"')})

    def a_map(self, around: str) -> str:
        asked = {
            "kind": "peer", "around": around, "steps": 2, "mode": "coordination", "purpose": NAMED["reason"],
            "owner": NAMED["known_as"], "review_by": "2026-12-10",
        }  # fmt: skip
        made = str(self.ask("POST", f"{API}/maps", json=asked).json()["id"])
        self.secret.add(made)
        return made

    def go_wrong(self) -> None:
        """Names where none belong: in addresses, parameters, headers, hosts, bodies, forms; and what is no request at all."""
        wrong, header = NAMED["wrong"], {"X-Name": NAMED["wrong"], "Kith-Purpose": NAMED["wrong"].replace(" ", "_")}
        as_json = {"Content-Type": "application/json"}
        self.secret.add(header["Kith-Purpose"])
        statuses = {
            self.ask("GET", f"{API}/young-people/{NAMED['path']}").status_code,
            self.ask("GET", f"/{NAMED['path']}").status_code,
            self.ask("GET", f"/static/{NAMED['path']}.js").status_code,
            self.ask("GET", f"{API}/referrals?name={wrong}").status_code,
            self.ask("GET", f"{API}/referrals?cursor={wrong}").status_code,
            self.ask("GET", f"{API}/referrals", headers=header).status_code,
            self.ask("GET", f"{API}/referrals", headers={"Authorization": f"Bearer {wrong}"}).status_code,
            self.ask("GET", f"{API}/health", headers={"Host": "fenwick.example"}).status_code,
            self.ask("POST", f"{API}/referrals", json={wrong: wrong, "narrative": wrong}).status_code,
            self.ask("POST", f"{API}/referrals", content=wrong.encode(), headers=as_json).status_code,
            self.ask("POST", "/audit/people", data={"person": wrong, "form_token": self.token}).status_code,
            self.ask("POST", "/sign-in", data={"code": wrong}, headers={"Origin": "http://fenwick.example"}).status_code,
            self.ask("DELETE", f"{API}/code-lists").status_code,
            self.ask(NAMED["method"], f"{API}/code-lists").status_code,
        }
        assert statuses >= {400, 401, 403, 404, 405, 421, 422}, statuses
        self.secret.add("fenwick")


def test_no_name_no_id_no_text_and_no_secret_of_the_journey_stands_in_the_log(walked: tuple[str, set[str], int]) -> None:
    log, secret, answers = walked
    assert answers > 300 and log.count("request answered") >= answers
    found = {word for word in secret if word.casefold() in log.casefold()}
    assert len(secret) > 150 and not found


def test_every_line_is_json_with_allow_listed_keys_and_plain_values(walked: tuple[str, set[str], int]) -> None:
    lines = [json.loads(line) for line in walked[0].splitlines()]
    for line in lines:
        assert set(line) <= ALLOWED_KEYS | {"at", "level", "says", "by", "error", "where"}
        assert all(isinstance(value, str | int) for name, value in line.items() if name != "where")
    assert {line["level"] for line in lines} == {"info"}
