"""The page that a one-time link opens, and the one that asks for a fresh sign-in: what to do, and the way on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`code` is the link's code when its button is to be shown; without one, `sentence` says why there is none."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SignInAgainPage:
    """`fresh`: it has been done. `onward` leads to what was asked for, and `onward_text` says what that is."""

    title: str
    fresh: bool
    onward: str
    onward_text: str


def present_sign_in(*, code: str, sentence: str) -> SignInPage:
    return SignInPage(code, sentence)


def present_sign_in_again(*, fresh: bool, wanted: str, home: str) -> SignInAgainPage:
    """The page before a fresh sign-in, or after it."""
    title = "You have signed in again" if fresh else "Sign in again to do this"
    if not wanted:
        return SignInAgainPage(title, fresh, home, "Go to the first page")
    return SignInAgainPage(title, fresh, wanted, "Fetch the file" if wanted.startswith("/api/v1/maps/") else "Go on")
