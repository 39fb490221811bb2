"""What the desk tells other rooms, after the commit."""

from django.dispatch import Signal

dossier_changed = Signal()
"""Sent with dossier_id and event_id when an act is committed."""
