"""The generation of the public pages: every process reads it, and each change that shows moves it on."""

from catalogue.generation import Generation

_pages = Generation("public-pages")
current = _pages.current
move_on = _pages.move_on
