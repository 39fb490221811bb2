"""How dossiers are settled, in public figures."""
