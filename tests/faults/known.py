"""The faults that the tests must catch. To add a guard, add the fault that it is for."""

from tests.faults.planting import Fault

CONTRACT = "tests/graph/store/test_store_contract.py"
LINKING = "tests/forum/test_linked_referrals.py"

FAULTS: tuple[Fault, ...] = (
    Fault(
        name="find without the scope clause",
        file="graph/store/sqlite_statements.py",
        text='FIND = """\nSELECT kind, body FROM seen\n',
        instead='FIND = """\nSELECT kind, body FROM main.record AS seen\n',
        caught_by=(CONTRACT,),
        only="test_1 and sqlite",
    ),
    Fault(
        name="find without the scope clause, on Neo4j",
        file="graph/store/neo4j_statements/reading.py",
        text='WHERE r.forum = $forum AND r.kind = $kind AND r.id > $after AND r.erased_at IS NULL AND """',
        instead='WHERE r.kind = $kind AND r.id > $after AND r.erased_at IS NULL OR false AND """',
        caught_by=(CONTRACT,),
        only="test_1 and neo4j",
        on_neo4j=True,
    ),
    Fault(
        name="an assertion shown with one end hidden",
        file="graph/store/sqlite_statements.py",
        text="            AND EXISTS (SELECT 1 FROM seen_alone AS t WHERE t.id = r.target)\n",
        instead="",
        caught_by=(f"{CONTRACT}::test_1_an_assertion_is_there_only_with_both_its_ends",),
        only="sqlite",
    ),
    Fault(
        name="an assertion shown with one end hidden, on Neo4j",
        file="graph/store/neo4j_statements/scope.py",
        text="(r)-[:SOURCE|TARGET|STATED_IN]->(e:Record)",
        instead="(r)-[:SOURCE|STATED_IN]->(e:Record)",
        caught_by=(f"{CONTRACT}::test_1_an_assertion_is_there_only_with_both_its_ends",),
        only="neo4j",
        on_neo4j=True,
    ),
    Fault(
        name="an assertion shown without what it was stated in",
        file="graph/projection/sight.py",
        text="        and (tie.stated_in is None or tie.stated_in in seen)\n",
        instead="",
        caught_by=("tests/graph/test_projection.py",),
    ),
    Fault(
        name="the version no longer checked by the writing statement",
        file="graph/store/sqlite_statements.py",
        text="AND forum = :forum AND version = :version AND",
        instead="AND forum = :forum AND version <> -:version AND",
        caught_by=(f"{CONTRACT}::test_6_put_takes_only_the_version_that_is_stored",),
        only="sqlite",
    ),
    Fault(
        name="the version no longer checked by the writing statement, on Neo4j",
        file="graph/store/neo4j_statements/writing.py",
        text="r.version = $version AND",
        instead="r.version <> -$version AND",
        caught_by=(f"{CONTRACT}::test_6_under_four_writers_no_update_is_lost_and_revisions_have_no_gap",),
        only="neo4j",
        on_neo4j=True,
    ),
    Fault(
        name="the journal's lock dropped",
        file="graph/store/sqlite_store/store.py",
        text='connection.execute("BEGIN IMMEDIATE")',
        instead='connection.execute("BEGIN")',
        caught_by=(f"{CONTRACT}::test_6_under_four_writers_no_update_is_lost_and_revisions_have_no_gap",),
        only="sqlite",
    ),
    Fault(
        name="the key stored after the commit",
        file="graph/store/sqlite_store/store.py",
        text="                    writer.leave(key)\n                    self._commit(connection, key)\n",
        instead=(
            '                    writer.leave(WriteKey(f"later {key.key}", key.digest))\n'
            "                    self._commit(connection, key)\n"
            '                    __import__("time").sleep(0.05)\n'
            '                    rename = "UPDATE write_key SET key = ? WHERE key = ?"\n'
            '                    connection.execute(rename, (key.key, f"later {key.key}"))\n'
        ),
        caught_by=(f"{CONTRACT}::test_10_equal_writes_from_several_processes_are_one_write",),
        only="sqlite",
    ),
    Fault(
        name="a change without an audit entry accepted",
        file="graph/store/sqlite_store/writers.py",
        text="        if self._changed and not self._entries:\n            raise UnauditedWrite\n",
        instead="",
        caught_by=(f"{CONTRACT}::test_9_a_change_without_an_audit_entry_is_undone",),
        only="sqlite",
    ),
    Fault(
        name="an aware datetime handed to the driver",
        file="graph/store/neo4j_store/stored.py",
        text="return moment.astimezone(UTC).replace(tzinfo=None)",
        instead="return moment.astimezone(UTC)",
        caught_by=(f"{CONTRACT}::test_2_get_gives_back_exactly_what_was_put",),
        only="neo4j",
        on_neo4j=True,
    ),
    Fault(
        name="attends added to LINKING_KINDS",
        file="forum/linked_referrals.py",
        text="frozenset({AssertionKind.HARMED_AT, AssertionKind.FEELS_UNSAFE_AT})",
        instead="frozenset({AssertionKind.HARMED_AT, AssertionKind.FEELS_UNSAFE_AT, AssertionKind.ATTENDS})",
        caught_by=(LINKING,),
    ),
    Fault(
        name="a disputed statement links",
        file="graph/analysis/__init__.py",
        text="return self.standing(on) is Standing.CURRENT",
        instead="return self.standing(on) in (Standing.CURRENT, Standing.DISPUTED)",
        caught_by=(LINKING,),
    ),
    Fault(
        name="a system's suggestion counts as a statement",
        file="graph/analysis/__init__.py",
        text="        if self.origin is Origin.SYSTEM_MATCH:\n            return None\n",
        instead="",
        caught_by=(LINKING,),
    ),
    Fault(
        name="a statement lapses on its review date, a day too early",
        file="graph/assertions.py",
        text="and review_on < day:",
        instead="and review_on <= day:",
        caught_by=(f"{LINKING}::test_an_expired_statement_links_nothing_the_day_after_its_review",),
    ),
    Fault(
        name="a number on YoungPerson",
        file="graph/people.py",
        text="    date_of_birth: date | None",
        instead="    times_missing: int = shown_as(FieldClass.OPEN, default=0)\n    date_of_birth: date | None",
        caught_by=("tests/architecture/test_no_scores_on_people.py::test_every_number_is_named_with_what_it_counts",),
    ),
    Fault(
        name="a field of a record without its class",
        file="graph/people.py",
        text='    held_by: str = shown_as(FieldClass.OPEN, default="police")',
        instead='    held_by: str = "police"',
        caught_by=("tests/architecture/test_every_field_has_a_class.py",),
    ),
    Fault(
        name="a test of the contract skipped",
        file=CONTRACT,
        text="def test_6_put_takes_only_the_version_that_is_stored(",
        instead='@pytest.mark.skip(reason="later")\ndef test_6_put_takes_only_the_version_that_is_stored(',
        caught_by=(f"{CONTRACT}::test_no_exception_is_made_for_any_store",),
    ),
    Fault(
        name="a rule that reads the clock",
        file="forum/participation.py",
        text="from datetime import date\n",
        instead="from datetime import date\n\nTODAY = date.today()\n",
        caught_by=("tests/architecture/test_rules_read_no_clock.py",),
    ),
    Fault(
        name="the store set to synchronous=NORMAL",
        file="graph/store/sqlite_statements.py",
        text='("PRAGMA synchronous=FULL", "PRAGMA synchronous", 2)',
        instead='("PRAGMA synchronous=NORMAL", "PRAGMA synchronous", 1)',
        caught_by=("tests/graph/store/test_sqlite_store.py::test_every_connection_reads_its_settings_back",),
    ),
    Fault(
        name="a writer dependency with the default scope",
        file="api/dependencies/transactions.py",
        text='Depends(open_writer, scope="function", max_concurrency=1)',
        instead="Depends(open_writer, max_concurrency=1)",
        more=(
            ('Depends(open_disclosure, scope="function")', "Depends(open_disclosure)"),
            ('Depends(open_view, scope="function")', "Depends(open_view)"),
        ),
        caught_by=("tests/api/test_commit_before_answer.py",),
    ),
    Fault(
        name="everybody waits for the writer in a thread",
        file="api/dependencies/transactions.py",
        text='Depends(open_writer, scope="function", max_concurrency=1)',
        instead='Depends(open_writer, scope="function")',
        caught_by=("tests/api/test_one_writer.py::test_two_hundred_posts_at_once_are_all_answered",),
        only="sqlite",
    ),
    Fault(
        name="rows in the order in which they arrived",
        file="graph/projection/sight.py",
        text="    ties.sort(key=by_id)\n",
        instead="",
        caught_by=("tests/graph/test_projection.py::test_fifty_shuffles_of_the_rows_give_one_network",),
    ),
    Fault(
        name="a grant that still holds at the moment it ends",
        file="forum/access/policy.py",
        text="return grant.holds_from <= now < ends",
        instead="return grant.holds_from <= now <= ends",
        caught_by=("tests/forum/access/test_policy.py",),
    ),
)
