"""The body of a request, taken in whole before anything is done about it: in time, and no larger than it may be."""

import asyncio

from starlette.types import Message, Receive

from api.errors import BodyTooLarge, BodyTooSlow

MOST_BODY_BYTES = 1_000_000
# Shorter than the service waits when it is told to stop: a body that stalls ends with an answer, not by being cut off.
MOST_BODY_SECONDS = 10


class CallerLeft(Exception):
    """Whoever asked hung up before all of the request was here. There is nobody to answer."""


async def take_in(receive: Receive) -> Receive:
    """What the caller sends, whole: a `receive` that gives it again without waiting for them.

    Raises BodyTooLarge past 1 MB, also for a body that does not say how long it is; BodyTooSlow when it is not all here after ten
    seconds; CallerLeft when it will never be.
    """
    pieces: list[Message] = []
    count, more = 0, True
    try:
        async with asyncio.timeout(MOST_BODY_SECONDS):
            while more:
                piece = await receive()
                if piece["type"] == "http.disconnect":
                    raise CallerLeft
                count += len(piece.get("body", b""))
                if count > MOST_BODY_BYTES:
                    raise BodyTooLarge
                pieces.append(piece)
                more = piece.get("more_body", False)
    except TimeoutError:
        raise BodyTooSlow from None
    waiting = iter(pieces)

    async def again() -> Message:
        piece = next(waiting, None)
        return piece if piece is not None else await receive()

    return again
