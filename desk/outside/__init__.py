"""Accounts on ministries' systems: who needs one, who has one, and who still has one without a post."""
