"""Accounts and postings in bulk, from a list that an office keeps (`manage.py load_officers`)."""
