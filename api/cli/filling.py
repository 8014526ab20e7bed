"""kith load, kith import: files into a store."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from tqdm import tqdm

from api.cli.commands import DONE, Command, add_store, existing_file
from api.cli.real_world import real_clock
from api.cli.stores import evaluation_only, opened, refuse_while_served, store_named
from api.settings import Settings
from forum.access.policy import house_scope
from graph.records import ActorId
from graph.store import is_held
from graph.store.boundary import Store
from ingest.case_file import Case, read_case
from ingest.case_load import Loaded, load_case
from ingest.load import Import, RowsRejected, import_referrals, read_import, try_import
from ingest.report import LoadReport, write_ids, write_report
from ingest.tables import ROW_LIMIT

COMMAND_LINE = ActorId("command-line")


@contextmanager
def progress_bar(total: int, what: str) -> Iterator[Callable[[int], object]]:
    """A bar on standard error, where that is a terminal; told how many more are done."""
    with tqdm(total=total, desc=what, unit="", file=sys.stderr, leave=False, disable=None) as bar:
        yield bar.update


def record_case(store: Store, case: Case) -> Loaded:
    """Loads a case in one go, with a bar."""
    scope = house_scope(store.about().forum)
    with progress_bar(case.size, "Loading") as progress:
        return load_case(store, case, scope=scope, by=COMMAND_LINE, now=real_clock(), progress=progress)


def load(args: argparse.Namespace, settings: Settings) -> int:
    """Loads a whole case file, all or nothing."""
    case = read_case(args.case)
    chosen = store_named(args.store, settings)
    refuse_while_served(chosen)
    with opened(chosen, making=True) as store:
        evaluation_only(store.about(), "A case is loaded")
        loaded = record_case(store, case)
    if args.ids is not None:
        write_ids(loaded.ids, args.ids)
    print("This case was in the store already." if loaded.already else f"Loaded {len(loaded.ids):,} things.")
    return DONE


def import_file(args: argparse.Namespace, settings: Settings) -> int:
    """Takes in one agency's table: checked as a whole first, then written in chunks."""
    chosen = store_named(args.store, settings)
    with opened(chosen) as store:
        most = min(ROW_LIMIT, settings.evaluation_rows) if store.about().evaluation else ROW_LIMIT
        given = read_import(args.file, args.mapping, most_rows=most)
        write = given.is_right and not args.dry_run
        pause = pause_beside(chosen.store_url())
        report = _write(store, given, pause) if write else try_import(store, given, scope=house_scope(store.about().forum))
    _tell(report, report_to=args.report, ids_to=args.ids)
    return DONE


def pause_beside(url: str) -> Callable[[float], object]:
    """How an import waits between its chunks: as long as it was told, unless nobody else can be using the store."""
    alone = url.startswith("sqlite:") and not is_held(url)
    return (lambda _: None) if alone else sleep


def _write(store: Store, given: Import, pause: Callable[[float], object]) -> LoadReport:
    with progress_bar(given.rows, "Recording") as progress:
        scope = house_scope(store.about().forum)
        return import_referrals(store, given, scope=scope, by=COMMAND_LINE, now=real_clock(), progress=progress, pause=pause)


def _tell(report: LoadReport, *, report_to: Path | None, ids_to: Path | None) -> None:
    if report_to is not None:
        write_report(report, report_to)
    if report.rejected:
        raise RowsRejected(report)
    if ids_to is not None:
        write_ids(report.ids, ids_to)
    for notice in report.notices:
        print(str(notice), file=sys.stderr)
    if report.unread_columns:
        print(f"{len(report.unread_columns)} columns were not read; --report FILE names them.", file=sys.stderr)
    print(report.sentence())


def _load_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE.yaml", type=existing_file, help="a file in the format kith-case/1")
    add_store(parser)
    parser.add_argument("--ids", metavar="FILE", type=Path, help="write a JSON object from the case's ids to record ids here")


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=existing_file, help="a CSV file, UTF-8, with a header row")
    parser.add_argument("--kind", required=True, choices=["referrals"], help="what the file holds")
    add_store(parser)
    parser.add_argument("--mapping", metavar="FILE", type=existing_file, help="a YAML file from our columns to theirs")
    parser.add_argument("--dry-run", action="store_true", help="check the whole file and write nothing")
    parser.add_argument("--ids", metavar="FILE", type=Path, help="write a JSON object from the file's references to record ids")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write a row report here: .csv or .json")


COMMANDS = (
    Command(
        "load",
        "Loads a whole case into an evaluation store, all or nothing.",
        "kith load calderwick.yaml --store sqlite:///calderwick.db --ids ids.json",
        _load_arguments,
        load,
    ),
    Command(
        "import",
        "Takes in one agency's table of referrals; the same command again finishes what was cut short.",
        "kith import referrals.csv --kind referrals --store sqlite:///forum.db --dry-run",
        _import_arguments,
        import_file,
    ),
)
