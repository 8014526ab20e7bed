"""Faults that let something hidden be felt from outside: what the proofs in tests/attacks are for."""

from tests.faults.planting import Fault

TWINS = "tests/attacks/test_twin_worlds.py::test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes"
ON_EACH_STORE = "tests/attacks/test_twin_worlds.py::test_each_store_gives_the_same_bytes"
SAYS_WHO_MAY_SEE = ("Grant", "Restriction", "Conflict", "ContextSheet", "AgendaItem")


def a_403_for_a_hidden(kind: str) -> Fault:
    """Whoever asks for a thing of this kind that is there and hidden is told so."""
    return Fault(
        name=f"a 403 for a hidden {kind}",
        file="api/dependencies/routes.py",
        text="        response = to_its_end(handle(request))\n",
        instead="        try:\n"
        "            response = to_its_end(handle(request))\n"
        "        except RecordNotFound:\n"
        "            house = request.app.state.house\n"
        "            with house.store.view(house_scope(house.facts.forum)) as view:\n"
        "                there = view.kinds_of(list(request.path_params.values()))\n"
        f'            if "{kind}" in there.values():\n'
        "                raise NotPermitted from None\n"
        "            raise\n",
        more=(
            (
                "from api.conditional import is_known, tag_of\n",
                "from api.conditional import is_known, tag_of\nfrom forum.access.policy import house_scope\n"
                "from forum.errors import NotPermitted\nfrom graph.errors import RecordNotFound\n",
            ),
        ),
        caught_by=(TWINS,),
    )


PROVING: tuple[Fault, ...] = (
    *map(a_403_for_a_hidden, SAYS_WHO_MAY_SEE),
    Fault(
        name="an agenda that counts the items of the whole forum",
        file="api/rest/agenda_items.py",
        text="    return list_answer(page, [item_answer(house, disclosure, item) for item in found])\n",
        instead="    with house.store.view(house_scope(house.facts.forum)) as every:\n"
        "        page = replace(page, total=len(find_all(every, AgendaItem)))\n"
        "    return list_answer(page, [item_answer(house, disclosure, item) for item in found])\n",
        more=(
            ("import READS_SHEETS, Permission, may_hold_grants", "import READS_SHEETS, Permission, house_scope, may_hold_grants"),
        ),
        caught_by=(TWINS,),
    ),
    Fault(
        name="an item of the agenda shown without what it names and a reader may not see",
        file="forum/access/standing.py",
        text="    parts = _shown_in_part(store, sight.scope, matters)\n",
        instead="    parts: frozenset[RecordId] = frozenset()\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="an item of the agenda that shows what no panel is shown of its case",
        file="forum/access/standing.py",
        text="frozenset(statement.id for statement in told if statement.handling not in marks)",
        instead="frozenset()",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a case shown in full through an item of the agenda",
        file="forum/access/standing.py",
        text="frozenset(record.id for record in shown if record.id not in covered), beyond)",
        instead="frozenset(), beyond)",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a page of one type of context that says how much was ever written",
        file="api/pages/contexts.py",
        text="    listed = present_context_list(take_page(in_order, page, A_PAGE)",
        instead="    if of_type:\n"
        "        in_order += in_order[:1] * request.app.state.house.store.revision()\n"
        "    listed = present_context_list(take_page(in_order, page, A_PAGE)",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a record read without the scope clause, on Neo4j",
        file="graph/store/neo4j_statements/reading.py",
        text='MATCH (r:Record {id: $given.id}) WHERE r.kind = $given.kind AND """',
        instead='MATCH (r:Record {id: $given.id}) WHERE r.kind = $given.kind OR false AND """',
        caught_by=(ON_EACH_STORE,),
        only="neo4j",
        on_neo4j=True,
    ),
    Fault(
        name="a kind of record that no world hides",
        file="tests/attacks/twin_worlds.py",
        text="a_neighbourhood, an_online_space]",
        instead="a_neighbourhood]",
        caught_by=("tests/attacks/test_twin_worlds.py",),
        only="every_kind",
    ),
    Fault(
        name="a cursor that tells how much was ever written",
        file="api/dependencies/asking.py",
        text="        limit=limit,\n        cursor=cursor,\n        secret=house.secret,\n",
        instead="        limit=limit,\n        cursor=cursor,\n"
        "        secret=house.secret + str(house.store.revision()).encode(),\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a 403 for what is there and hidden",
        file="api/dependencies/routes.py",
        text="        response = to_its_end(handle(request))\n",
        instead="        try:\n"
        "            response = to_its_end(handle(request))\n"
        "        except RecordNotFound:\n"
        "            kept = request.app.state.house.store.changes(after=0, limit=5000)\n"
        "            if {change.record for change in kept} & set(request.path_params.values()):\n"
        "                raise NotPermitted from None\n"
        "            raise\n",
        more=(
            (
                "from api.conditional import is_known, tag_of\n",
                "from api.conditional import is_known, tag_of\nfrom forum.errors import NotPermitted\n"
                "from graph.errors import RecordNotFound\n",
            ),
        ),
        caught_by=(TWINS,),
    ),
    Fault(
        name="an error that names the kind of what is hidden",
        file="forum/references.py",
        text='            self.wrong(reference.at, "unknown-reference", UNKNOWN)\n',
        instead='            kind = self.writer._rows("SELECT kind FROM main.record WHERE id = ?", (reference.id,))\n'
        '            self.wrong(reference.at, "unknown-reference", f"{UNKNOWN}{kind}")\n',
        caught_by=(TWINS,),
    ),
    Fault(
        name="a map that says how many groups there are",
        file="api/map_documents.py",
        text="        title=_contexts_title(records, sheet),\n",
        instead="        title=_contexts_title(records, sheet) + str(len(house.projection._kept.by_kind['PeerGroup'])),\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a restriction that whoever reads the whole forum sees through",
        file="forum/access/policy.py",
        text="    withheld = frozenset(denied)\n",
        instead="    withheld = frozenset() if role in READS_ALL else frozenset(denied)\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a sheet of a place that is restricted",
        file="forum/access/standing.py",
        text="    return frozenset(sheet.id for sheet in found if sheet.context not in denied)\n",
        instead="    return frozenset(sheet.id for sheet in found)\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a grant that shows what it covers and its holder may not see",
        file="graph/store/hidden_citations.py",
        text="    if cited_by(record) <= seen:\n        return record\n    shown: R",
        instead='    if cited_by(record) <= seen or record.KIND == "Grant":\n        return record\n    shown: R',
        caught_by=(TWINS,),
    ),
    Fault(
        name="a history of whatever has an id, no person's too",
        file="api/rest/audit.py",
        text="        found = openings_of_person(house.store, RecordId(person))\n",
        instead="        found = openings_of_person(house.store, RecordId(person))\n"
        "        found = found or openings_of_cases(house.store, [RecordId(person)], owner=actor.id)\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a cursor of the audit that counts what everybody does",
        file="api/rest/audit.py",
        text="page_of(found, lambda entry: places[entry.seq], asked)",
        instead="page_of(found, lambda entry: str(entry.seq or places), asked)",
        caught_by=(TWINS,),
    ),
    Fault(
        name="an owner of a case who learns how many other cases a colleague has",
        file="forum/audit_history.py",
        text="if each in grants and asked & set(grants[each].covers))",
        instead="if each in grants and asked)",
        caught_by=(TWINS,),
    ),
    Fault(
        name="one's own history with a grant on what is restricted",
        file="api/rest/audit.py",
        text="            grants=[grant for grant in entry.grants if grant in there],\n",
        instead="            grants=list(entry.grants),\n",
        caught_by=(TWINS,),
    ),
    Fault(
        name="a line in the history of whoever was asked about, there or not",
        file="forum/access/disclosure.py",
        text="            (self._people if kind in PEOPLE else self._resources).add(record_id)\n"
        "        self._mentioned.clear()\n",
        instead="            (self._people if kind in PEOPLE else self._resources).add(record_id)\n"
        "        self._people |= unknown - self._resources\n        self._mentioned.clear()\n",
        caught_by=(
            "tests/api/rest/test_audit.py::test_asking_leaves_a_line_in_the_history_of_somebody_who_is_there_and_of_nobody_else",
        ),
    ),
    Fault(
        name="somebody recorded who stands in no audit",
        file="api/rest/people.py",
        text='at=f"/young-people/{made.id}", about=[made.id])',
        instead='at=f"/young-people/{made.id}")',
        caught_by=(
            "tests/api/rest/test_audit.py::test_every_young_person_stands_in_the_audit_from_the_moment_they_are_recorded",
        ),
    ),
    Fault(
        name="a stopped run that begins anew",
        file="tests/attacks/proved.py",
        text="        row.pieces = sorted({*row.pieces, first})\n",
        instead="        row.pieces = [first]\n",
        caught_by=("tests/attacks/test_proved.py",),
    ),
    Fault(
        name="a page that takes words for markup",
        file="api/pages/templating.py",
        text="        autoescape=True,\n",
        instead="        autoescape=False,\n",
        caught_by=("tests/attacks/test_hostile_fields.py",),
    ),
    Fault(
        name="a refusal that repeats what was written",
        file="forum/given.py",
        text='"Write a short code: small letters, figures and underscores.")',
        instead='f"Write a short code, not {value}.")',
        caught_by=("tests/attacks/test_hostile_fields.py",),
    ),
    Fault(
        name="a field that no hostile text was tried in",
        file="api/rest/conflicts.py",
        text='    about: list[str] = Field(default=[], description="People and contexts',
        instead='    nickname: str | None = None\n    about: list[str] = Field(default=[], description="People and contexts',
        caught_by=("tests/attacks/test_hostile_fields.py::test_every_field_of_a_request_takes_words_or_is_said_to_take_none",),
    ),
)
