"""Strangers' files: their names, what they really are, the scan, the place where they lie, their previews."""
