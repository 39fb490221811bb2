"""Background work of the catalogue, with ids for arguments and nothing done twice."""

from __future__ import annotations

from celery import shared_task


@shared_task
def read_catalogue_file(pk: int) -> str:
    """Read an uploaded national file into the lines of its set."""
    from catalogue.changesets.importing import read

    return read(pk)
