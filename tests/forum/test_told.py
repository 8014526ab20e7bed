"""Who was told, in a word on a map: a young person's own mark, and nobody else's in their place."""

from datetime import date

from forum.told import TOLD, WAS_NOT_TOLD, WILL_BE_TOLD, told_in_words
from tests.builders import TODAY, a_referral, a_young_person, an_awareness
from tests.worlds import calderwick, network_of

EARLIER, LATER = date(2026, 11, 4), date(2026, 11, 6)


def test_in_calderwick_two_young_people_have_a_mark_and_a_parent_still_to_be_told_gives_none() -> None:
    borough = calderwick()
    marks = {borough.name_of(person): said for person, said in told_in_words(borough.network(), on=TODAY).items()}
    assert marks == {"YP01": TOLD, "YP09": WAS_NOT_TOLD}


def test_what_a_parent_was_told_never_stands_for_the_child() -> None:
    child, other = a_young_person(), a_young_person()
    referral = a_referral(about=(child, other))
    tellings = [
        an_awareness(referral=referral.id, person=child.id, who="parent_carer", told="told_content"),
        an_awareness(referral=referral.id, person=other.id, who="parent_carer", told="told_content", recorded_on=LATER),
        an_awareness(referral=referral.id, person=other.id, told="not_yet", told_on=None, recorded_on=EARLIER),
    ]
    marks = told_in_words(network_of([child, other, referral, *tellings]), on=TODAY)
    assert child.id not in marks, "nothing is recorded for the child"
    assert marks[other.id] == WILL_BE_TOLD


def test_a_parent_still_to_be_told_does_not_hide_that_the_child_knows() -> None:
    child = a_young_person()
    referral = a_referral(about=(child,))
    own = an_awareness(referral=referral.id, person=child.id, told="told_unhappy")
    parents = an_awareness(referral=referral.id, person=child.id, who="parent_carer", told="not_yet", told_on=None)
    assert told_in_words(network_of([child, referral, own, parents]), on=TODAY) == {child.id: TOLD}
