"""The dossier desk. It knows the catalogue and `search.public`, never the portal."""
