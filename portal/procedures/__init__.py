"""Procedures on the public pages."""
