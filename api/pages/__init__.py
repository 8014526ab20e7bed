"""The pages: read by people, in a browser, with or without scripts."""

from api.pages.drawing import draw_error_page
from api.pages.installation import EVALUATION_ROUTERS, ROUTERS, static_files

__all__ = ["EVALUATION_ROUTERS", "ROUTERS", "draw_error_page", "static_files"]
