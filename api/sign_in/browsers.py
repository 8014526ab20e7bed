"""Through which kind of browser a session was begun: a word that its owner knows it by, and nothing more of what was sent."""

# The first that fits: what others call themselves beside their own name comes last.
_KINDS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("FxiOS/", "Firefox"),
    ("Safari/", "Safari"),
)
_ON = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "A browser of another kind"


def kind_of_browser(user_agent: str) -> str:
    """One of a few fixed phrases, such as "Firefox on Windows"; no text that was sent is ever kept."""
    kind = next((name for sign, name in _KINDS if sign in user_agent), "")
    on = next((name for sign, name in _ON if sign in user_agent), "")
    if not kind:
        return UNKNOWN
    return f"{kind} on {on}" if on else kind
