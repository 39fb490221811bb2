"""Sets of changes: how they are written, approved, and merged into the live rows on their day."""
