"""Centres, hotlines and places on the public pages."""
