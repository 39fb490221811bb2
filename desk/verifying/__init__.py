"""Whether the event log tells the truth: each dossier is folded from its events and compared with what is there."""
