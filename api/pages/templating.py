"""How a page is drawn: one strict Jinja environment for our templates, and the GOV.UK macros beside it.

Our environment escapes everything, and stops at a name that is not there. The macros of govuk-frontend-jinja lean on names
that are not there, so they are loaded once by an environment of their own, which escapes as well, and are handed to ours as
functions. Templates give them `text`, never `html`.
"""

from collections.abc import Mapping

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined

from api.pages.presenters.wording import and_list, day_words, how_many

GOVUK_MACROS: Mapping[str, str] = {
    "govukBackLink": "back-link",
    "govukBreadcrumbs": "breadcrumbs",
    "govukButton": "button",
    "govukErrorSummary": "error-summary",
    "govukInput": "input",
    "govukInsetText": "inset-text",
    "govukPhaseBanner": "phase-banner",
    "govukSelect": "select",
    "govukServiceNavigation": "service-navigation",
    "govukSkipLink": "skip-link",
    "govukTag": "tag",
    "govukWarningText": "warning-text",
}


def make_macro_environment() -> Environment:
    """The environment of the GOV.UK macros alone; it escapes what is given as text."""
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja", "templates")})
    return Environment(autoescape=True, undefined=ChainableUndefined, loader=loader, trim_blocks=True, lstrip_blocks=True)


def make_environment() -> Environment:
    """The environment of our own templates: escapes always, refuses a name that is not there."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=PackageLoader("api.pages", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    macros = make_macro_environment()
    for name, folder in GOVUK_MACROS.items():
        module = macros.get_template(f"govuk_frontend_jinja/components/{folder}/macro.html").module
        environment.globals[name] = getattr(module, name)
    macros.get_template("govuk_frontend_jinja/macros/attributes.html")  # what all of them import when they first draw
    environment.filters.update({"day": day_words, "and_list": and_list})
    environment.globals["how_many"] = how_many
    return environment
