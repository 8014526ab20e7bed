"""Hostile texts in a real Neo4j as in the embedded store: kept exactly or refused, and nothing of the database is made by one.

A share: every text that a query could be made of and every one with a quote, and a few of each other family; each in some
fields of what is made and changed, many of them in one body. A text comes to a statement as what is kept, and as an id that is
looked for.
"""

from pathlib import Path
from typing import Any

from tests.attacks.hostile_borough import READ_BY, Borough, a_borough
from tests.attacks.hostile_fields import Field, body_of, fields, put
from tests.attacks.hostile_takes import CHANGES
from tests.attacks.hostile_texts import FAMILIES, QUERY, as_kept, may_be_kept
from tests.attacks.hostile_tries import names_above, try_alone
from tests.neo4j_server import admin_driver
from tests.telling import Tell

QUOTING = [text for family in FAMILIES for text in family if set(text) & {"'", '"', "`", "\\"}]
SOME = tuple(dict.fromkeys([*QUERY, *QUOTING, *(text for family in FAMILIES for text in family[:3])]))
KEPT = [text for text in SOME if may_be_kept(text)]
OPERATIONS = ("create_young_person", "create_location", "create_referral", "change_young_person", "change_location")
WORDED = [one for one in fields() if one.operation in OPERATIONS and one.takes_words and one.limit == 200]
ROUNDS = 4
# Where an id is looked for in the store: of a record that is cited, and of one that a grant is to cover.
LOOKED_FOR = (Field("create_assertion", "/from"), Field("create_grant", "/covers/-"))
REFUSED_IN = (Field("create_young_person", "/known_as"), Field("change_young_person", "/note"))


def names_in_neo4j() -> dict[str, set[str]]:
    """Every label, type of relation and name of a property that the database knows: what a text could add to."""
    with admin_driver().session() as session:
        asked = {"label": "labels", "relationshipType": "relationshipTypes", "propertyKey": "propertyKeys"}
        return {
            name: set(session.run(f"CALL db.{called}() YIELD {name} RETURN {name}").value()) for name, called in asked.items()
        }


def write(borough: Borough, texts: dict[Field, str]) -> dict[str, str]:
    """A thing by each operation, with these texts in its fields; what is changed is what was made. Gives the ids by operation."""
    made = {}
    for operation in OPERATIONS:
        body: dict[str, Any] = body_of(operation, borough.things)
        for one in WORDED:
            if one.operation == operation:
                put(body, one.pointer, texts[one])
        how = CHANGES.get(operation, operation)
        if operation in CHANGES:
            made[operation] = borough.send(how, body_of(how, borough.things)).json()["id"]
            answer = borough.send(operation, body, on=made[operation])
        else:
            answer = borough.send(operation, body)
            borough.things.made[operation] = made[operation] = answer.json()["id"]
        assert answer.status_code in (200, 201), f"{operation}: {answer.text[:300]}"
    return made


def test_a_text_that_is_a_query_elsewhere_is_a_text_in_both_stores(store_kind: str, tmp_path: Path, tell: Tell) -> None:
    with a_borough(tmp_path / "borough", store_kind) as borough:
        write(borough, dict.fromkeys(WORDED, "Plain words"))
        borough.make("create_assertion", "Plain words")
        plain = names_in_neo4j() if store_kind == "neo4j" else {}
        # Each field is given another text in each round, and each text another field.
        shifts = [{one: KEPT[(n + 11 * shift) % len(KEPT)] for n, one in enumerate(WORDED)} for shift in range(ROUNDS)]
        rounds = [(texts, write(borough, texts)) for texts in shifts]
        for text in SOME:
            for one in REFUSED_IN if text not in KEPT else LOOKED_FOR if text in QUERY else ():
                try_alone(borough, one, text)
        assert (names_in_neo4j() if store_kind == "neo4j" else {}) == plain
        for texts, made in rounds:  # after all of them: what one did to another would be seen
            for operation, record in made.items():
                read = borough.asker.ask("GET", borough.route(READ_BY[CHANGES.get(operation, operation)]).at(record)).json()
                for one in (one for one in WORDED if one.operation == operation):
                    assert one.reads_as in set(names_above(read, as_kept(texts[one]))), (one, texts[one])
        assert borough.odd_lines() == []
    tried = {text for texts in shifts for text in texts.values()}
    tell(f"hostile text on {store_kind}: {len(tried)} of {len(SOME)} texts kept, {ROUNDS} times in {len(WORDED)} fields")
    assert tried == {*KEPT} and len(KEPT) > 40
