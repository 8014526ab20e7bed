"""The real clock and real chance. The one place that reads them; everything else is handed a moment or random bytes."""

import secrets
from datetime import UTC, datetime


def real_clock() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the composition root hands the real clock to everything else


def real_chance(count: int) -> bytes:
    """That many random bytes, good enough for secrets."""
    return secrets.token_bytes(count)
