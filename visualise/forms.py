"""Which forms of file a map may leave as, by its mode (practice, 11.2; a reading on the screen is no file)."""

PDF, PNG, WORD, STANDALONE = "pdf", "png", "word", "html"
SVG, LIST = "svg", "list"
GRAPHML, GEXF, JSON_GRAPH, GEOJSON = "graphml", "gexf", "json", "geojson"
ALL = (SVG, LIST, PDF, PNG, WORD, STANDALONE, GRAPHML, GEXF, JSON_GRAPH, GEOJSON)
FORMS = {
    "coordination": (SVG, LIST, PDF, PNG, WORD, STANDALONE),
    "context_only": ALL,
    "with_young_person": (SVG, LIST, PDF, PNG),
    "named_working_map": (),
}


def forms_of(mode: str) -> tuple[str, ...]:
    """The forms of file that a mode allows; none for a mode that is not known. `svg` and `list` are also read on the page."""
    return FORMS.get(mode, ())


def why_not(mode: str, form: str) -> str:
    """Why a form is refused, in one sentence."""
    if not forms_of(mode):
        return "A map with names makes no file of any kind. It is read on the screen, by those invited."
    allowed = ", ".join(form for form in forms_of(mode) if form not in (SVG, LIST))
    return f"A map in this mode does not leave as {form}. It may leave as: {allowed}."
