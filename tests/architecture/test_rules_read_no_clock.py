"""Promise: rules read no clock and no chance. Every moment and every random value comes from outside, so that a test can ask
about any day, and two worlds can be made alike."""

import ast
from pathlib import Path

from tests.architecture.tree import product_files, relative, tree_of

# What is read from the outside by its dotted name.
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
CHANCE = {"random", "uuid", "secrets", "os.urandom"}
ENVIRONMENT = {"os.environ", "os.getenv", "environ", "getenv"}

# file: why it may. Anything else takes the moment, the day or the chance as an argument.
MAY_READ_A_CLOCK: dict[str, str] = {
    "api/cli/real_world.py": "hands the real clock to everything else",
}
MAY_READ_CHANCE: dict[str, str] = {
    "api/cli/real_world.py": "hands real chance to the service",
    "graph/records.py": "new_id: 128 random bits for every record",
    "graph/analysis/local_moving.py": "begins from a seed that it is given, and so repeats itself",
    "graph/store/neo4j_store/audit.py": "the salts of the audit's tags, which must not be guessed",
    "graph/store/sqlite_store/writers.py": "the salts of the audit's tags, which must not be guessed",
}
MAY_READ_THE_ENVIRONMENT = {"api/settings.py": "the only reader of the environment"}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def names_read(path: Path) -> set[str]:
    """Every dotted name that a file reads, and every module that it imports."""
    names = {dotted(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def readers(of_these: set[str], allowed: dict[str, str]) -> list[str]:
    """The files that read one of these names and are not named with a reason."""
    return [
        f"{relative(path)} reads {', '.join(sorted(read))}"
        for path in product_files()
        if (read := names_read(path) & of_these) and relative(path) not in allowed
    ]


def test_no_file_reads_a_clock_unless_it_is_named_with_a_reason() -> None:
    assert not readers(CLOCKS, MAY_READ_A_CLOCK)


def test_no_file_draws_chance_unless_it_is_named_with_a_reason() -> None:
    assert not readers(CHANCE, MAY_READ_CHANCE)


def test_only_the_settings_read_the_environment() -> None:
    assert not readers(ENVIRONMENT, MAY_READ_THE_ENVIRONMENT)


def test_every_exemption_is_still_needed() -> None:
    files = {relative(path): path for path in product_files()}
    for allowed, what in ((MAY_READ_A_CLOCK, CLOCKS), (MAY_READ_CHANCE, CHANCE), (MAY_READ_THE_ENVIRONMENT, ENVIRONMENT)):
        assert not [name for name in allowed if name not in files or not names_read(files[name]) & what]
