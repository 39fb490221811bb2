"""Citizens follow their dossiers."""
