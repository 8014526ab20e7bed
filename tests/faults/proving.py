"""Faults that let something hidden be felt from outside: what the proofs in tests/attacks are for."""

from tests.faults.planting import Fault

FIELDS = "tests/attacks/test_hostile_fields.py"
ALL_AT_ONCE = f"{FIELDS}::test_a_text_in_every_field_comes_out_of_every_answer_unharmed"
BOTH_STORES = "tests/attacks/test_hostile_text_on_both_stores.py::test_a_text_that_is_a_query_elsewhere_is_a_text_in_both_stores"
TWINS = "tests/attacks/test_twin_worlds.py::test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes"

PROVING: tuple[Fault, ...] = (
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
    Fault(
        name="a field of no words that no hostile text was tried in, under a name that is known elsewhere",
        file="api/rest/conflicts.py",
        text='    about: list[str] = Field(default=[], description="People and contexts',
        instead='    who: str | None = None\n    about: list[str] = Field(default=[], description="People and contexts',
        caught_by=(f"{FIELDS}::test_every_field_of_a_request_takes_words_or_is_said_to_take_none",),
    ),
    Fault(
        name="any text taken for a code",
        file="forum/given.py",
        text="        if isinstance(value, str) and _WORD.match(value):\n",
        instead="        if isinstance(value, str):\n",
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="any text taken for a code of a published list",
        file="forum/given.py",
        text="        if isinstance(value, str) and is_code(list_name, value):\n",
        instead="        if isinstance(value, str):\n",
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a change that stores a text without looking for what acts",
        file="api/rest/people.py",
        text="    draft = _draft_of(merge_patch(body, given))\n",
        instead='    draft = _draft_of(merge_patch(body, {**given, "note": None}))\n'
        '    draft = replace(draft, note=given["note"]) if "note" in given else draft\n',
        more=(("import unicodedata\n", "import unicodedata\nfrom dataclasses import replace\n"),),
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a change that tidies what is written",
        file="api/rest/contexts.py",
        text="        draft = _draft_of(merge_patch(body, given), noun)\n",
        instead="        draft = _draft_of(merge_patch(body, given), noun)\n"
        '        draft = replace(draft, everyday_name=(draft.everyday_name or "").replace("<", ""))\n',
        more=(("from dataclasses import dataclass\n", "from dataclasses import dataclass, replace\n"),),
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a guest's sheet that takes words for markup",
        file="api/pages/templates/context_sheet.html",
        text="{% for line in page.guardians %}<li>{{ line }}</li>",
        instead="{% for line in page.guardians %}<li>{{ line | safe }}</li>",
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a history that repeats what was typed to ask for it",
        file="api/pages/audit.py",
        text='    wrong = "No one record matches. Check what you typed." if',
        instead='    wrong = f"No one record matches {person}. Check what you typed." if',
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a search that says what was looked for",
        file="api/rest/people.py",
        text='    return json_answer({"items": items, "next": None, "total"',
        instead='    return json_answer({"items": items, "next": asked.text("name") if "<" in name else None, "total"',
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a line of the log with what was refused",
        file="forum/given.py",
        text='            self.wrong_at(at, "control-character",',
        instead='            __import__("logging").getLogger("kith.requests").warning(f"refused: {value}")\n'
        '            self.wrong_at(at, "control-character",',
        caught_by=("tests/attacks/test_hostile_text.py::test_no_line_of_the_log_holds_any_of_it", ALL_AT_ONCE),
    ),
    Fault(
        name="an id pasted into a query, on Neo4j",
        file="graph/store/neo4j_store/reading.py",
        text="found = self._reads(lambda statements: found_by(statements, self._parameters, texts.KINDS_OF, ids=ids))",
        instead='pasted = texts.KINDS_OF.replace("$given.ids", "[\'" + "\', \'".join(ids) + "\']")\n'
        "        found = self._reads(lambda statements: found_by(statements, self._parameters, pasted))",
        caught_by=(BOTH_STORES,),
        only="neo4j",
        on_neo4j=True,
    ),
    Fault(
        name="a text escaped for a query that it is no part of, on Neo4j",
        file="graph/store/neo4j_store/stored.py",
        text="            properties[name] = naive_utc(read_moment(value)) if name in moments else value\n",
        instead="            properties[name] = naive_utc(read_moment(value)) if name in moments else value\n"
        "            if isinstance(value, str) and name not in moments:\n"
        '                properties[name] = value.replace("\'", "\\\\\'")\n',
        caught_by=(BOTH_STORES,),
        only="neo4j",
        on_neo4j=True,
    ),
)
