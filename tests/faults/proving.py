"""Faults that let something hidden be felt from outside: what the proofs in tests/attacks are for."""

from tests.faults.planting import Fault

TWINS = "tests/attacks/test_twin_worlds.py::test_two_worlds_that_differ_in_what_is_hidden_give_the_same_bytes"

EDGES = "tests/attacks/test_edges_are_inert.py"
TYING = "tests/attacks/test_tying.py"
# What is planted after the grants are read: each of these opens more than it names.
COVERED = "    covered: dict[RecordId, frozenset[RecordId]] = dict(named)\n"
KIND_OF = '_rows("SELECT kind FROM main.record WHERE id = ?", (reference.id,))'

PROVING: tuple[Fault, ...] = (
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
        text="        part_of, safe_for = _cited(writer, draft, today)\n        changed",
        instead='        if writer._rows("SELECT kind FROM main.record WHERE id = ?", (given.get("part_of"),)):\n'
        '            get_context(writer, given["part_of"])\n'
        "        part_of, safe_for = _cited(writer, draft, today)\n        changed",
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
