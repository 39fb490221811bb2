"""People who log in."""

from django.contrib.auth.models import AbstractUser

from catalogue.text import full_name


class User(AbstractUser):
    """An editor or officer. Own from the first migration: swapping it later is painful."""

    def get_full_name(self) -> str:
        """Return the name as Vietnamese write it, the family's first."""
        return full_name(self.last_name, self.first_name)
