"""`python -m bench`: the bars of docs/performance.md at their first figures, as a table and as JSON under bench/results/."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.audited import audited_reads
from bench.borough import SIZES, Borough, make_borough
from bench.commits import committed_referral
from bench.findings import clusters_of_a_borough, clusters_of_public_networks, loading_ties
from bench.kept_borough import KeptBorough
from bench.measuring import Bench, NotMeasured, Row
from bench.on_neo4j import bulk_load as bulk_load_neo4j
from bench.on_sqlite import bulk_load, linked_referrals
from graph.store.boundary import Credentials

BARS = (3, 4, 6, 8, 9, 10, 20)
RESULTS = Path(__file__).parent / "results"
USUAL = {3: "S", 4: "S", 6: "M", 8: "M", 9: "S", 10: "M", 20: "S"}


def main() -> int:
    asked = _arguments()
    only = set(asked.only or BARS)
    bench = Bench(asked.rounds, _steps(only, asked))
    boroughs: dict[str, Borough] = {}

    def borough(bar: int) -> Borough:
        name = asked.size or USUAL[bar]
        if name not in boroughs:
            boroughs[name] = make_borough(SIZES[name])
        return boroughs[name]

    if only & {3, 4}:
        clusters_of_public_networks(bench)
        _clusters(bench, borough(3))
    if 6 in only:
        loading_ties(bench, borough(6), ties=1_000_000)
    if only & {8, 9, 10}:
        _stores(bench, borough, only, asked)
    if 20 in only:
        with tempfile.TemporaryDirectory(prefix="kith-bench-") as name:
            audited_reads(bench, Path(name), rounds=asked.rounds)
    bench.progress.close()
    _say(bench, asked)
    return 0 if all(row.met for row in bench.rows) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=sorted(SIZES), help="one size for every bar (default: each bar's own, S or M)")
    parser.add_argument("--only", type=int, nargs="+", choices=BARS, metavar="BAR", help="only these bars")
    parser.add_argument("--rounds", type=int, default=3, help="how often contenders take turns (default 3)")
    parser.add_argument("--neo4j", metavar="URL", help="a server whose database may be emptied (default: the tests' own)")
    parser.add_argument("--neo4j-size", choices=sorted(SIZES), default="S", help="the size loaded into Neo4j (default S)")
    parser.add_argument("--no-neo4j", action="store_true", help="leave the Neo4j half of bar 10 out, and say so")
    return parser.parse_args()


def _steps(only: set[int], asked: argparse.Namespace) -> int:
    """How many steps the progress bar counts to."""
    sizes = {asked.size or USUAL[bar] for bar in only & {8, 9, 10}}
    on_neo4j = 10 in only and not asked.no_neo4j
    if on_neo4j:
        sizes.add(asked.neo4j_size)
    neo4j_rounds = 1 if asked.neo4j_size == "M" else asked.rounds
    each = {3: 6, 6: 2, 8: 2, 9: 1, 20: 2}
    return sum(each.get(bar, 0) for bar in only) + 2 * len(sizes) + 2 * neo4j_rounds * on_neo4j


def _clusters(bench: Bench, borough: Borough) -> None:
    if borough.size.people > 10_000:
        bench.not_measured.append(
            NotMeasured(3, f"clusters on {borough.size.name}", "clusters are for one local authority so far")
        )
        return
    clusters_of_a_borough(bench, borough)


def _stores(bench: Bench, borough: Callable[[int], Borough], only: set[int], asked: argparse.Namespace) -> None:
    loaded: dict[str, tuple[KeptBorough, Path]] = {}
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as name:
        for bar in sorted(only & {8, 9, 10}, reverse=True):
            size = borough(bar).size.name
            if size not in loaded:
                folder = Path(name) / size
                folder.mkdir()
                kept = KeptBorough(borough(bar))
                large = borough(bar).size.people > 10_000
                loaded[size] = kept, bulk_load(bench, kept, folder, rounds=1 if large else asked.rounds)
            kept, path = loaded[size]
            if bar == 8:
                linked_referrals(bench, kept, path)
            if bar == 9:
                committed_referral(bench, kept, path, path.parent)
        if 10 in only:
            _neo4j(bench, Path(name), loaded, asked)


def _neo4j(bench: Bench, folder: Path, loaded: dict[str, tuple[KeptBorough, Path]], asked: argparse.Namespace) -> None:
    server = _server(asked)
    if server is None:
        why = "asked to leave it out" if asked.no_neo4j else "no server: give --neo4j URL, or Docker, or Java and Maven"
        bench.not_measured.append(NotMeasured(10, "bulk load into Neo4j", why))
        return
    url, credentials = server
    size = asked.neo4j_size
    if size not in loaded:
        place = folder / size
        place.mkdir()
        kept = KeptBorough(make_borough(SIZES[size]))
        loaded[size] = kept, bulk_load(bench, kept, place, rounds=asked.rounds)
    kept, path = loaded[size]
    export = path.parent / "export.jsonl"
    bulk_load_neo4j(bench, kept, export, url=url, credentials=credentials, rounds=1 if size == "M" else asked.rounds)
    if size != "M":
        bench.not_measured.append(
            NotMeasured(10, "bulk load of M into Neo4j", f"measured on {size}; --neo4j-size M takes its time")
        )


def _server(asked: argparse.Namespace) -> tuple[str, Credentials] | None:
    """The server to load into: the one given, with user and password from the environment, else the tests' own."""
    if asked.no_neo4j:
        return None
    if asked.neo4j:
        user, password = os.environ.get("KITH_NEO4J_USER", "neo4j"), os.environ.get("KITH_NEO4J_PASSWORD", "")
        return asked.neo4j, Credentials(user, password)
    from tests.neo4j_server import running_server, which_server

    if which_server() == "none":
        return None
    server = running_server()
    return server.url, Credentials(server.user, server.password)


def _print_table(rows: list[Row]) -> None:
    lines = [("bar", "what", "size", "against", "value", "first", "met", "detail")]
    for row in rows:
        met = "yes" if row.met else "NO"
        lines.append((str(row.bar), row.what, row.size, row.rival, f"{row.value:.3g}", row.first, met, row.detail))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _say(bench: Bench, asked: argparse.Namespace) -> None:
    at = datetime.now(UTC)
    print(f"Kith {version('kith')}, Python {platform.python_version()}, {os.cpu_count()} CPUs, {at:%Y-%m-%d %H:%M} UTC\n")
    _print_table(sorted(bench.rows, key=lambda row: row.bar))
    for missing in bench.not_measured:
        print(f"\nNot measured: bar {missing.bar}, {missing.what}: {missing.why}.")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{at:%Y%m%dT%H%M%SZ}.json"
    answer = {
        "at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "kith": version("kith"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "rounds": asked.rounds,
        "rows": [row.as_json() for row in bench.rows],
        "not_measured": [missing.as_json() for missing in bench.not_measured],
    }
    path.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
