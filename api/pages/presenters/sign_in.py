"""The page that a one-time link opens: a button that spends it, or what to do when it is good no more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`code` is the link's code when its button is to be shown; without one, `sentence` says why there is none."""

    code: str
    sentence: str


def present_sign_in(*, code: str, sentence: str) -> SignInPage:
    return SignInPage(code, sentence)
