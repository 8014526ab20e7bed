"""All pages and their static files, ready to be handed to the application."""

from importlib.resources import files

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.pages import audit, contexts, linked_referrals, look_as, maps, referrals, sessions, sign_in

ROUTERS = (linked_referrals.router, referrals.router, contexts.router, maps.router, audit.router, sessions.router, sign_in.router)
EVALUATION_ROUTERS = (look_as.router,)  # there on an evaluation store alone
KEPT_FOR = "public, max-age=3600"


class KeptFiles(StaticFiles):
    """The static files: the only thing that a browser may keep, for an hour."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with its headers. Only a file that is there may be kept."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 304):
            response.headers["Cache-Control"] = KEPT_FOR
        return response


def static_files() -> KeptFiles:
    """What stands under /static: our own style and script, and the vendored ones."""
    return KeptFiles(directory=str(files("api.pages").joinpath("static")))
