"""Faults in how the service answers: its limits, its tags, its headers, its end, and what it says of itself."""

from tests.faults.planting import Fault

ANSWERING: tuple[Fault, ...] = (
    Fault(
        name="a minute that begins with the clock's",
        file="api/pace.py",
        text="        while moments and not timedelta() <= now - moments[0] < self._within:\n",
        instead="        while moments and moments[0].minute != now.minute:\n",
        caught_by=("tests/api/test_pace.py::test_no_minute_holds_more_wherever_it_begins",),
    ),
    Fault(
        name="an hour of referrals that is a minute",
        file="forum/referral_pace.py",
        text="HOUR = timedelta(hours=1)\n",
        instead="HOUR = timedelta(minutes=1)\n",
        caught_by=("tests/api/test_pace.py",),
        only="referrals_an_hour and sqlite",
    ),
    Fault(
        name="one referral more than is published",
        file="forum/referral_pace.py",
        text="len(written) < most else",
        instead="len(written) <= most else",
        caught_by=("tests/api/test_pace.py",),
        only="hundred_referrals",
    ),
    Fault(
        name="other eyes as a way round the pace",
        file="api/dependencies/asking.py",
        text="house.pace.count(actor.behind or actor.id, now=now)",
        instead="house.pace.count(actor.id, now=now)",
        caught_by=("tests/api/test_pace.py::test_whoever_looks_through_other_eyes_counts_as_themselves",),
    ),
    Fault(
        name="an answer that does not say when to come back",
        file="api/errors/answers.py",
        text="if problem.retry_after is not None else {}",
        instead="if problem.retry_after == 1 else {}",
        caught_by=("tests/api/test_errors.py",),
        only="tried_again",
    ),
    Fault(
        name="a finding that cannot be worked out and is called a fault of ours",
        file="api/cluster_desk.py",
        text="        except (BrokenExecutor, OSError, TimeoutError) as error:\n",
        instead="        except TimeoutError as error:\n",
        caught_by=("tests/api/test_cluster_desk.py",),
    ),
    Fault(
        name="a 304 that stands in no audit",
        file="api/dependencies/transactions.py",
        text="    if disclosure.has_shown:\n        with house.store.view",
        instead='    if disclosure.has_shown and "if-none-match" not in request.headers:\n        with house.store.view',
        caught_by=("tests/api/test_not_modified.py",),
        only="sqlite",
    ),
    Fault(
        name="a form of any number of fields",
        file="api/dependencies/routes.py",
        text="            if takes_a_form:\n",
        instead="            if takes_a_form and False:\n",
        caught_by=("tests/attacks/test_limits.py",),
        only="form",
    ),
    Fault(
        name="a refusal that looks whether the person is there",
        file="api/dependencies/transactions.py",
        text="        record_denial(request, house, actor, refusal.code, now)\n",
        instead="        if people_among(house, actor.forum, [RecordId(str(one)) for one in request.path_params.values()]):\n"
        "            house.store.revision()\n"
        "        record_denial(request, house, actor, refusal.code, now)\n",
        caught_by=("tests/attacks/test_same_work.py",),
        only="sqlite",
    ),
)
