"""Agencies and places that are merged, split, renamed or abolished on a day, and all that follows them."""
