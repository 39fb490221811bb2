"""People who log in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An editor or officer. Own from the first migration: swapping it later is painful."""
