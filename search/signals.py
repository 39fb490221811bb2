"""What search tells the other rooms."""

from django.dispatch import Signal

# Sent after an index or the word knowledge has changed, so that pages drawn before are drawn again.
search_changed = Signal()
