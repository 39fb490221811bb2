"""The pages that a new site begins with, and what only the demo has."""
