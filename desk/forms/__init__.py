"""The desk's forms: the only parsers of what officers enter; each returns values of the desk."""
