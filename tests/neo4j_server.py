"""The real Neo4j that tests run on: the one named in the environment, else a container, else the server from Maven Central.

Which of them is chosen is known without starting anything (`which_server`). The server itself starts when a test first asks
for it (`running_server`), once in a process, and stops with the process, however that ends. Tests empty the whole database:
KITH_TEST_NEO4J_URL must never name one that holds anything of value.
"""

import atexit
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

# 5.26 is what every run uses; another one can be named by hand (`make test-neo4j-newest`).
VERSION = os.environ.get("KITH_TEST_NEO4J_VERSION", "5.26.20")
IMAGE = f"neo4j:{VERSION}-community"
STARTS_WITHIN = 120.0

POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kith</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j.app</groupId><artifactId>neo4j-server</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version></dependency>
  </dependencies>
</project>
"""

SETTINGS = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.max_size=1g
server.memory.pagecache.size=256m
db.lock.acquisition.timeout=5s
"""

JAVA_OPTIONS = (
    "-Xmx1g",
    "-XX:+UseG1GC",
    "-XX:TieredStopAtLevel=1",  # a short life: compiling for a long one costs more than it gives back
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)

# From 2025 on the server has no main class of its own that is meant to be started: this starts it as its script does.
START = """
import org.neo4j.server.*;
import org.neo4j.server.startup.*;
public class Start {
  public static void main(String[] args) {
    System.exit(NeoBootstrapper.start(new BlockingBootstrapper(new CommunityBootstrapper()), args));
  }
}
"""

# The server ends, and its folder goes, when our end of its standard input closes: a run that is killed leaves nothing behind.
WHILE_WE_LIVE = '"$@" <&- & server=$!; cat >/dev/null; kill "$server" 2>/dev/null; wait "$server"; rm -rf "$0"'


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where a real server answers, and as whom. Its database belongs to the tests alone."""

    host: str
    port: int
    user: str
    password: str
    how: str

    @property
    def url(self) -> str:
        return f"bolt://{self.host}:{self.port}"


class Neo4jMissing(Exception):
    """No real server can be had here. With CI=true this fails the tests that need one."""


@cache
def which_server() -> str:
    """`given`, `container`, `maven` or `none`: what `running_server` would use. Starts nothing."""
    if os.environ.get("KITH_TEST_NEO4J_URL"):
        return "given"
    if _docker_engine_answers():
        return "container"
    if shutil.which("java") and shutil.which("mvn"):
        return "maven"
    return "none"


def must_run() -> bool:
    """Whether a missing server is a failure: always under continuous integration."""
    return os.environ.get("CI", "").lower() == "true"


def is_wanted() -> bool:
    """Whether tests on Neo4j are to be collected: when a server can be had, or when its absence must be seen to fail."""
    return which_server() != "none" or must_run()


def report_line() -> str:
    """One line for the head of the test report."""
    sentences = {
        "given": "Neo4j: the server at KITH_TEST_NEO4J_URL (its database is emptied by the tests)",
        "container": f"Neo4j: {IMAGE} in a container",
        "maven": f"Neo4j: Community {VERSION} from Maven Central",
        "none": "Neo4j: not run (no KITH_TEST_NEO4J_URL, no Docker engine, and not both java and mvn)",
    }
    return sentences[which_server()]


@cache
def running_server() -> RunningServer:
    """The server of this process, started now if it was not yet. Neo4jMissing when there is none to be had."""
    start = {"given": _given, "container": _start_container, "maven": _start_from_maven}.get(which_server())
    if start is None:
        raise Neo4jMissing(report_line())
    return start()


@cache
def admin_driver() -> Driver:
    """A driver for the tests' own statements beside the store: emptying, looking at what is stored, explaining."""
    server = running_server()
    driver = GraphDatabase.driver(server.url, auth=(server.user, server.password), telemetry_disabled=True)
    atexit.register(driver.close)
    return driver


def erase_everything() -> None:
    """Empties the database between tests: every node, in batches. Constraints and indexes stay, as they hold nothing."""
    with admin_driver().session() as session:
        while session.run("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n RETURN count(*) AS gone").single(strict=True)["gone"]:
            pass


def drop_schema() -> None:
    """Drops every constraint and index too, as in a database that nobody has used yet."""
    with admin_driver().session() as session:
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run(f"DROP CONSTRAINT `{name}` IF EXISTS").consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value():
            session.run(f"DROP INDEX `{name}` IF EXISTS").consume()


def _given() -> RunningServer:
    address = os.environ["KITH_TEST_NEO4J_URL"].split("://", 1)[-1]
    host, _, port = address.partition(":")
    user = os.environ.get("KITH_TEST_NEO4J_USER", "neo4j")
    return RunningServer(host, int(port or 7687), user, os.environ["KITH_TEST_NEO4J_PASSWORD"], "given")


def _docker_engine_answers() -> bool:
    """Asks the engine itself: a client without one behind it is common."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        asked = subprocess.run([docker, "info"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _start_container() -> RunningServer:
    password = secrets.token_urlsafe(24)
    command = ["docker", "run", "--detach", "--rm", "--publish", "127.0.0.1::7687", "--env", f"NEO4J_AUTH=neo4j/{password}"]
    command += ["--env", "NEO4J_db_lock_acquisition_timeout=5s", "--env", "NEO4J_dbms_usage__report_enabled=false", IMAGE]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    atexit.register(subprocess.run, ["docker", "stop", "--time", "5", name], capture_output=True, check=False)
    address = subprocess.run(["docker", "port", name, "7687/tcp"], capture_output=True, text=True, check=True).stdout.split()[0]
    server = RunningServer("127.0.0.1", int(address.rpartition(":")[2]), "neo4j", password, "container")
    _wait_until_it_answers(server)
    return server


def _start_from_maven() -> RunningServer:
    jars = _jars()
    home = Path(tempfile.mkdtemp(prefix="kith-neo4j-"))
    for folder in ("conf", "data", "logs", "run", "plugins", "import"):
        (home / folder).mkdir()
    port = _free_port()
    (home / "conf" / "neo4j.conf").write_text(SETTINGS.format(port=port))
    java = [_java(), *JAVA_OPTIONS, "-cp", f"{jars}/*", _what_to_start(home)]
    java += [f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    with (home / "logs" / "console.log").open("wb") as console:
        process = subprocess.Popen(
            ["sh", "-c", WHILE_WE_LIVE, str(home), *java], stdin=subprocess.PIPE, stdout=console, stderr=console
        )
    atexit.register(_stop, process, home)
    _wait_for_start(process, home)
    server = RunningServer("127.0.0.1", port, "neo4j", secrets.token_urlsafe(24), "maven")
    _set_first_password(server)
    _wait_until_it_answers(server)
    return server


def _java() -> str:
    """The Java to start the server with: the newest server needs 21 or later, which may not be the first on the path."""
    return os.environ.get("KITH_TEST_NEO4J_JAVA") or "java"


def _what_to_start(home: Path) -> str:
    if VERSION.startswith("5."):
        return "org.neo4j.server.CommunityEntryPoint"
    source = home / "Start.java"
    source.write_text(START)
    return str(source)


def _jars() -> Path:
    """The folder with the server's jars, fetched once into the user's cache and moved into place when complete."""
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = cache_home / "kith" / f"neo4j-{VERSION}"
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as work:
        (Path(work) / "pom.xml").write_text(POM)
        fetch = ["mvn", "-B", "-q", "dependency:copy-dependencies", f"-DoutputDirectory={work}/lib", "-DincludeScope=runtime"]
        subprocess.run(fetch, cwd=work, check=True)
        try:
            (Path(work) / "lib").rename(place)
        except OSError:
            if not place.is_dir():  # another run was quicker: its jars are the same
                raise
    return place


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for_start(process: "subprocess.Popen[bytes]", home: Path) -> None:
    log = home / "logs" / "neo4j.log"
    give_up = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < give_up and process.poll() is None:
        if log.exists() and "Started." in log.read_text():
            return
        time.sleep(0.1)
    said = (home / "logs" / "console.log").read_text() + (log.read_text() if log.exists() else "")
    raise Neo4jMissing(f"Neo4j {VERSION} did not start: {said[-2000:]}")


def _set_first_password(server: RunningServer) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with (
                GraphDatabase.driver(server.url, auth=("neo4j", "neo4j")) as driver,
                driver.session(database="system") as session,
            ):
                session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", password=server.password).consume()
            return
        except (DriverError, Neo4jError):
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def _wait_until_it_answers(server: RunningServer) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    with GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver:
        while True:
            try:
                driver.verify_connectivity()
                return
            except (DriverError, Neo4jError):
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.2)


def _stop(process: "subprocess.Popen[bytes]", home: Path) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
    shutil.rmtree(home, ignore_errors=True)
