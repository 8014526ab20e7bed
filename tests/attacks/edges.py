"""Adding a thing, and what everyone sees before and after: through the store, the projection and REST."""

import json
import random
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.settings import Settings
from forum.access.actors import Role
from forum.access.policy import house_scope
from graph.contexts import TYPE_OF_KIND
from graph.projection import Projection
from graph.records import ActorId, Record, RecordId, new_id
from graph.store.boundary import Store
from ingest.case_file import read_case
from ingest.case_load import load_case
from ingest.load import import_referrals, read_import
from tests.api.running import UNHURRIED
from tests.attacks.edge_posts import Posting, posts
from tests.attacks.edge_watch import READ_AT, READERS, Tried, Watch
from tests.attacks.edge_worlds import a_world, additions
from tests.attacks.hostile_fields import Things
from tests.attacks.serving import Inside, serve
from tests.attacks.tying import FITS, KEPT_AS_GIVEN, places_of, tie, without_new_ids
from tests.boroughs import a_borough
from tests.builders import ALL_KINDS, FORUM, NOW, keep
from tests.conftest import StorePlace

WORLDS_AT_ONCE = 20


def try_worlds(folder: Path, seeds: Iterable[int]) -> Tried:
    """Every world of these seeds in a store of its own folder, twenty at a time; each seed is one world."""
    tried, waiting = Tried(), list(seeds)
    for number in range(0, len(waiting), WORLDS_AT_ONCE):
        place = StorePlace(f"sqlite:///{folder / f'worlds-{number}.db'}", None)
        with place.opened:
            store = place.make()
            projection = Projection(ALL_KINDS)
            with Inside(serve(Settings(store=place.url, **UNHURRIED), lambda: NOW, secrets.token_bytes)) as inside:
                for seed in waiting[number : number + WORLDS_AT_ONCE]:
                    tried.add(try_world(store, inside, projection, seed))
    return tried


def try_world(store: Store, inside: Inside, projection: Projection, seed: int) -> Tried:
    """One world: seven things added one by one. In every tenth a case file and a table besides; in the fifth of each ten a
    practitioner makes things of their own over REST, and tries to tie what is hidden to them. In both REST is asked.
    """
    watch = Watch(store, inside, projection, a_world(seed), Tried(worlds=1), asks=seed % 5 == 0)
    watch.begin()
    before = watch.look()
    for name, record in additions(seed, watch.world):
        watch.add(name, lambda record=record: [keep(watch.store, record)], before)  # type: ignore[misc]
    if seed % 10 == 0:
        watch.add("case file", lambda: _loaded(watch, lambda: _load_a_case(watch.store, seed)), before)
        watch.add("table", lambda: _loaded(watch, lambda: _import_a_table(watch, seed)), before)
    made = post_own_things(watch, before) if seed % 10 == 5 else {}
    if watch.asks:
        chance = random.Random(seed)
        for role in READERS:
            readable = [record for record in watch.world.records if record.KIND in READ_AT]
            watch.ask(role, chance.sample(readable, min(4, len(readable))), before[role])
    if made:
        tie_to_what_is_hidden(watch, made, before[Role.PRACTITIONER])
        assert watch.look() == before
    return watch.tried


def _loaded(watch: Watch, load: Callable[[], object]) -> list[Record]:
    """The records that this brought into the store."""
    after = watch.store.revision()
    load()
    made: set[RecordId] = set()
    while changes := watch.store.changes(after=after, limit=5000):
        made |= {change.record for change in changes}
        after = changes[-1].revision
    with watch.store.view(house_scope(FORUM)) as view:
        return [record for record in view.several(made) if record.KIND != "Grant"]


def _load_a_case(store: Store, seed: int) -> None:
    text = json.dumps(a_borough(seed, people=4, referrals=2))
    load_case(store, read_case(text), scope=house_scope(FORUM), by=ActorId("loader"), now=datetime.now(UTC))


def _import_a_table(watch: Watch, seed: int) -> None:
    """Rows about a young person who is there already under the agency's own number, at places that are there by name.

    Only at places named after this world: in one store the case files of several have groups of the same name.
    """
    rows = [
        "referral,received,kind,referrer_role,referrer_agency,efh_types,young_person,known_as,place_1,place_1_kind,place_1_rel"
    ]
    numbered = [person for person in watch.world.young if getattr(person, "agency_number", None)]
    own = [place for place in watch.world.contexts if getattr(place, "label", "").endswith(f" of {seed}")]
    for number in range(len(numbered)):
        place = own[number * 2 % len(own)]
        kind = getattr(place, "place_kind", None) or TYPE_OF_KIND[place.KIND]
        rows.append(
            f"A{seed}-{number},2026-11-{10 + number},individual,teacher,police,cce,{seed}-{number},Arlo,"
            f"{getattr(place, 'label', '')},{kind},harmed_at"
        )
    given = read_import("\n".join(rows).encode())
    import_referrals(
        watch.store, given, scope=house_scope(FORUM), by=ActorId("loader"), now=datetime.now(UTC), pause=lambda _seconds: None
    )


def post_own_things(watch: Watch, before: dict[Role, frozenset[RecordId]]) -> dict[str, str]:
    """The practitioner makes things of their own over REST, tied to what they see, and may read each: they wrote it."""
    role = Role.PRACTITIONER
    posting = Posting(watch.world, before[role], random.Random(f"posted in {watch.world.seed}"))
    for operation, body in posts(posting):
        watch.add(operation, lambda operation=operation, body=body: _posted(watch, posting, operation, body), before)  # type: ignore[misc]
        posting.seen = before[role]
        watch.tried.posted += 1
    return posting.made


def _posted(watch: Watch, posting: Posting, operation: str, body: dict[str, Any]) -> list[Record]:
    def post() -> None:
        answer = watch.send("POST", watch.route(operation).template, body)
        assert answer.status_code == 201, f"world {watch.world.seed}: {operation} answers {answer.status_code}: {answer.text}"
        posting.made[operation] = answer.json()["id"]
        if not (operation == "create_assertion" and "referral" in body):  # its referral's grants are enough
            watch.world.named[Role.PRACTITIONER] += (RecordId(answer.json()["id"]),)

    return _loaded(watch, post)


def tie_to_what_is_hidden(watch: Watch, made: dict[str, str], seen: frozenset[RecordId]) -> None:
    """What is hidden, tied to things of the practitioner's own in each place where REST takes an id of a record from them:
    refused in the bytes in which what does not exist is. A conflict of interest is kept as it is given, and tried elsewhere.
    """
    app, seed = watch.inside.app, watch.world.seed
    mine = [place for place in places_of(app, Role.PRACTITIONER) if place.operation not in KEPT_AS_GIVEN]
    hidden = [record for record in watch.world.records if record.id not in seen]
    watch.tried.places = sorted(map(str, mine))
    tags: dict[str, str] = {}
    chance = random.Random(f"tied in {seed}")
    for place in mine:
        sent = tie(app, place, Things("", "", made), new_id())
        if sent is None or not hidden:
            continue
        fitting = [record for record in hidden if FITS[place.name] == record.KIND]
        record = chance.choice(fitting if fitting and chance.random() < 0.6 else hidden)
        if sent.method == "PATCH" and sent.path not in tags:
            tags[sent.path] = watch.send("GET", sent.path).headers["etag"]
        hiding = tie(app, place, Things("", "", made), record.id)
        answers = [watch.send(one.method, one.path, one.body, tags.get(one.path)) for one in (hiding, sent) if one]
        for answer in answers:
            assert sent.reached(answer), f"world {seed}: {place} to a {record.KIND}: {answer.status_code} {answer.text}"
        one, other = map(without_new_ids, answers)
        assert one == other, f"world {seed}: {place} tells a hidden {record.KIND} from none: {one} and {other}"
        watch.tried.refused += 1
        watch.tried.tied = sorted({*watch.tried.tied, str(place)})
