"""The board of what is published and what is missing, for editors in /cms/: each figure opens its rows."""
