"""Notices as editors write them: the sentences made of data, and the closing of a centre for a day."""
