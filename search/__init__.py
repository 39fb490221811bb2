"""Search: a projection of the live catalogue. Other rooms enter by `search.public` alone."""
