"""Faults that let something hidden be felt from outside: what the proofs in tests/attacks are for."""

from tests.faults.planting import Fault

FIELDS = "tests/attacks/test_hostile_fields.py"
IN_A_BROWSER = "tests/journeys/test_hostile_pages.py"
EXPLORED = f"{IN_A_BROWSER}::test_the_map_to_explore_is_walked_by_keyboard_and_says_a_hostile_label"
ALL_AT_ONCE = f"{FIELDS}::test_a_text_in_every_field_comes_out_of_every_answer_unharmed"
BOTH_STORES = "tests/attacks/test_hostile_text_on_both_stores.py::test_a_text_that_is_a_query_elsewhere_is_a_text_in_both_stores"
TWINS = "tests/attacks/test_twin_worlds.py::test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes"
SNOOPING = "tests/attacks/test_snooping_denials.py"
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


EDGES = "tests/attacks/test_edges_are_inert.py"
TYING = "tests/attacks/test_tying.py"
# What is planted after the grants are read: each of these opens more than it names.
COVERED = "    covered: dict[RecordId, frozenset[RecordId]] = dict(named)\n"
KIND_OF = '_rows("SELECT kind FROM main.record WHERE id = ?", (reference.id,))'

PROVING: tuple[Fault, ...] = (
    Fault(
        name="a label that ends the data of a map to explore",
        file="visualise/standalone.py",
        text='    for sign in "<>&\\u2028\\u2029":\n',
        instead='    for sign in "\\u2028\\u2029":\n',
        caught_by=(f"{IN_A_BROWSER}::test_a_text_in_every_field_acts_nowhere_in_a_browser",),
    ),
    Fault(
        name="a map to explore that says a label as markup",
        file="visualise/templates/explore.js",
        text="    status.textContent = words;",
        instead="    status.innerHTML = words;",
        caught_by=(EXPLORED,),
    ),
    Fault(
        name="a map to explore whose own script its policy stops",
        file="visualise/standalone.py",
        text="{_hash(library)} {_hash(script)}",
        instead="{_hash(library)}",
        caught_by=(EXPLORED,),
    ),
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
        name="a grant on a group or place that covers whoever is tied to it",
        file="forum/access/coverage.py",
        text=COVERED,
        instead=f"{COVERED}    told = view.citing(Assertion, sorted(named), field='target') if named else ()\n"
        "    covered.update((said.source, named[said.target]) for said in told)\n",
        caught_by=(EDGES,),
    ),
    Fault(
        name="a grant on a statement or map that covers what it names",
        file="forum/access/coverage.py",
        text=COVERED,
        instead=f"{COVERED}    things = (one for one in view.several(sorted(named)) if one.KIND in ('Assertion', 'MapSheet'))\n"
        "    covered.update((cited, named[one.id]) for one in things for cited in cited_by(one) - covered.keys())\n",
        caught_by=(EDGES,),
    ),
    Fault(
        name="a grant on what one wrote that is one on whom it is about",
        file="api/rest/answers.py",
        text="            grant_author(self.writer, to=self.actor.id, covers=record_id, now=self.now)\n",
        instead="            for one in {record_id, *about}:\n"
        "                grant_author(self.writer, to=self.actor.id, covers=one, now=self.now)\n",
        caught_by=(EDGES,),
    ),
    Fault(
        name="an error that names the kind of what is hidden, in fields that few fill in",
        file="forum/references.py",
        text='            self.wrong(reference.at, "unknown-reference", UNKNOWN)\n',
        instead='            rare = reference.at.endswith(("/where", "/context", "/by")) or "/safe_for/" in reference.at\n'
        f"            kind = self.writer.{KIND_OF} if rare else ''\n"
        '            self.wrong(reference.at, "unknown-reference", f"{UNKNOWN}{kind}")\n',
        caught_by=(EDGES,),
    ),
    Fault(
        name="an error that names the kind of what is hidden, in parts of a referral",
        file="forum/references.py",
        text='            self.wrong(reference.at, "unknown-reference", UNKNOWN)\n',
        instead='            rare = reference.at.startswith(("/told/", "/guardians/", "/group_friendship"))\n'
        f"            kind = self.writer.{KIND_OF} if rare else ''\n"
        '            self.wrong(reference.at, "unknown-reference", f"{UNKNOWN}{kind}")\n',
        caught_by=(TYING,),
        only="sqlite and referrer",
    ),
    Fault(
        name="a change that tells what is hidden from nothing",
        file="api/rest/contexts.py",
        text="        part_of, safe_for = cited_by(writer, draft, today, besides=loop)\n        changed",
        instead='        if writer._rows("SELECT kind FROM main.record WHERE id = ?", (given.get("part_of"),)):\n'
        '            get_context(writer, given["part_of"])\n'
        "        part_of, safe_for = cited_by(writer, draft, today, besides=loop)\n        changed",
        caught_by=(EDGES,),
    ),
    Fault(
        name="an item or a grant about what is hidden, refused with its kind",
        file="api/rest/access_shapes.py",
        text='    unknown = "There is no such record, or it is not yours to see."\n',
        instead='    hidden = [view._rows("SELECT kind FROM main.record WHERE id = ?", (each,)) for each in ids]\n'
        '    unknown = f"There is no such record, or it is not yours to see. {hidden}"\n',
        caught_by=(TYING,),
        only="sqlite and coordinator",
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
        name="a permission that the table of the forum does not give",
        file="forum/access/departures.py",
        text="        roles=_EVERYONE - _CHAIRS,\n",
        instead="        roles=_EVERYONE - _CHAIRS - frozenset({Role.REFERRER}),\n",
        caught_by=(SNOOPING,),
    ),
    Fault(
        name="a conflict of somebody who reads the whole forum that hides nothing",
        file="forum/access/standing.py",
        text="    denied = _denied(view, actor, conflicts, case=case)\n",
        instead="    denied = _denied(view, actor, () if actor.role is Role.CHAIR else conflicts, case=case)\n",
        caught_by=(SNOOPING,),
        only="not neo4j",
    ),
    Fault(
        name="a restriction that an old sign-in makes",
        file="api/rest/restrictions.py",
        text="    dependencies=[allowed_to(Permission.MAKE_RESTRICTION), fresh_sign_in(), shows_people()],\n",
        instead="    dependencies=[allowed_to(Permission.MAKE_RESTRICTION), shows_people()],\n",
        caught_by=(f"{SNOOPING}::test_a_sign_in_that_is_not_fresh_is_refused_before_any_record_is_looked_at",),
    ),
    Fault(
        name="a search whose answer stands in no audit",
        file="api/rest/people.py",
        text="    items = [young_person_answer(disclosure, person) for person in found[:MOST_FOUND]]\n",
        instead="    items = [young_person_answer(disclosure, person) for person in found[:MOST_FOUND]]\n"
        "    disclosure._people.clear()\n    disclosure._mentioned.clear()\n",
        caught_by=("tests/api/test_who_was_shown.py::test_everyone_in_an_answer_is_in_its_audit_and_nobody_else",),
    ),
    Fault(
        name="a key that never ends",
        file="graph/store/sqlite_store/store.py",
        text="        oldest = moment_text(now - KEYS_ARE_KEPT)\n",
        instead="        oldest = moment_text(now - 10 * KEYS_ARE_KEPT)\n",
        caught_by=("tests/promises/test_promises.py",),
        only="sqlite and R16",
    ),
    Fault(
        name="a session that lasts for a clock moved back",
        file="api/onward_clock.py",
        text="                self._ahead, self._moved_back = self._latest - read, True\n",
        instead="                self._moved_back, self._latest = True, read\n",
        caught_by=("tests/promises/test_promises.py",),
        only="sqlite and R16",
    ),
    Fault(
        name="a session that grows no older",
        file="api/sign_in/web_sessions.py",
        text='    if now >= read_moment(held["ends_at"]):\n',
        instead='    if now >= read_moment(held["ends_at"]) + LASTS:\n',
        caught_by=("tests/promises/test_promises.py",),
        only="sqlite and R16",
    ),
    Fault(
        name="a piece kept for code that was changed meanwhile",
        file="tests/attacks/__main__.py",
        text="                if code_digest() != proved.code:\n",
        instead="                if not proved.code:\n",
        caught_by=("tests/attacks/test_proved.py",),
    ),
    Fault(
        name="calls that only met refusals and count as tried",
        file="tests/attacks/fuzz_borough.py",
        text="    refused = sorted(set(every) - set(reached))\n",
        instead="    refused = sorted(set(every) & set(done))\n",
        caught_by=("tests/attacks/test_proved.py",),
    ),
    Fault(
        name="a proof left out in silence where there is no server",
        file="tests/attacks/__main__.py",
        text='            proved.leave_out(proof, "no server")\n',
        instead="",
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
        name="words that lose their underscores where codes are read",
        file="forum/code_lists.py",
        text='        return code.replace("_", " ") if _SHAPE.fullmatch(code) else code\n',
        instead='        return code.replace("_", " ")\n',
        caught_by=(ALL_AT_ONCE, "tests/forum/test_code_lists.py"),
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
        text="    draft = _draft_of(writer, merge_patch(body, given), today, until=until)\n",
        instead='    draft = _draft_of(writer, merge_patch(body, {**given, "note": None}), today, until=until)\n'
        '    draft = replace(draft, note=given["note"]) if "note" in given else draft\n',
        more=(("import unicodedata\n", "import unicodedata\nfrom dataclasses import replace\n"),),
        caught_by=(ALL_AT_ONCE,),
    ),
    Fault(
        name="a change that tidies what is written",
        file="api/rest/contexts.py",
        text="        draft = draft_of(writer, merge_patch(body, given), noun, today, besides=loop)\n",
        instead="        draft = draft_of(writer, merge_patch(body, given), noun, today, besides=loop)\n"
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
