"""The first holiday of a year is reckoned slowly: no example has a time limit."""

from hypothesis import settings

settings.register_profile("desk", deadline=None)
settings.load_profile("desk")
