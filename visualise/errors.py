"""What can go wrong when a map is composed or drawn. Every message is safe to show anyone."""


class VisualiseError(Exception):
    """The base of every error of this package. `code` is stable; the message holds no name and no value."""

    code = "visualise-error"
    message = "The map could not be made."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class TooManySymbols(VisualiseError):
    """More things, or more links, than a picture can carry. `count` is how many the reader may see, `limit` how many fit."""

    code = "too-many-symbols"

    def __init__(self, count: int, limit: int, *, of: str = "things") -> None:
        super().__init__(
            f"This map would show {count} {of}; a picture can carry {limit}. Choose fewer steps, or the contexts map."
        )
        self.count = count
        self.limit = limit


class UnsoundDocument(VisualiseError):
    """A map document that may not be drawn. `reasons` says each thing that is wrong with it, with no label in it."""

    code = "unsound-document"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("This is not a map that may be drawn: " + "; ".join(reasons) + ".")
        self.reasons = reasons


class PictureTooFull(VisualiseError):
    """The picture cannot keep its smallest sizes on this paper: offer a lower level, never a smaller print."""

    code = "picture-too-full"
    message = "This map does not fit on the paper at a size that can be read. Choose A3, or a map with fewer things."


class UnsafePicture(VisualiseError):
    """A picture that holds something we never draw; it is not converted."""

    code = "unsafe-picture"
    message = "This picture holds something that Kith does not draw, so it is not converted."


class FormMissing(VisualiseError):
    """An optional part of the product is not installed, so this form of file cannot be made."""

    code = "form-missing"
    message = "This form of file needs a part of Kith that is not installed here. Print the page instead."


class NotOffered(VisualiseError):
    """Another way into the stand-alone map than its document."""

    code = "not-offered"
    message = "A stand-alone map is made from a map document and in no other way."
