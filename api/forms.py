"""What a form may be: fields in the plain encoding, at most a hundred of them, and no files."""

from starlette.requests import Request

from api.errors import NotAForm, TooManyFields

MOST_FIELDS = 100
URLENCODED = "application/x-www-form-urlencoded"


async def check_form(request: Request) -> None:
    """Looks at a form before the framework reads it, which would take more fields, and files. JSON is none of its business.

    Raises TooManyFields, or NotAForm for one in parts. The bytes are kept, so that they are read once.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        raise NotAForm
    if kind == URLENCODED and (await request.body()).count(b"&") >= MOST_FIELDS:
        raise TooManyFields
