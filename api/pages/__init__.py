"""The pages: read by people, in a browser, with or without scripts."""

from api.pages.drawing import draw_error_page
from api.pages.installation import ROUTERS, static_files

__all__ = ["ROUTERS", "draw_error_page", "static_files"]
