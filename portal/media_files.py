"""Where images and documents of the site lie: under names that the disk takes."""

from __future__ import annotations

from pathlib import PurePath

from django.core.files.storage import FileSystemStorage

LONGEST = 180
"""Bytes of a name: file systems hold 255, and Django and Wagtail put something behind it where there is one already."""


class MediaFiles(FileSystemStorage):
    def get_valid_name(self, name: str) -> str:
        """Return the name, cut at a whole letter: a Vietnamese one has up to three bytes a letter."""
        valid = PurePath(super().get_valid_name(name))
        room = LONGEST - len(valid.suffix.encode())
        return valid.stem.encode()[:room].decode(errors="ignore") + valid.suffix[:LONGEST]
