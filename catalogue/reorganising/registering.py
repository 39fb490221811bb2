"""What of the catalogue follows a reorganisation, in the order in which it must."""

from __future__ import annotations

from catalogue import clock
from catalogue.reorganising import centres_follow, links, parts_follow, places_follow
from catalogue.reorganising.applying import apply_due
from catalogue.reorganising.followers import Follower, register


def register_all() -> None:
    """Register the followers, and the day as a part of the clock's work."""
    register(Follower("places", places_follow.look_places, places_follow.follow_places, rank=10))
    register(Follower("identifiers", places_follow.look_identifiers, places_follow.follow_identifiers, rank=11))
    register(Follower("centres", centres_follow.look, centres_follow.follow, rank=20))
    register(Follower("hotlines of centres", parts_follow.look_hotlines, parts_follow.follow_hotlines, rank=21))
    register(Follower("notices of centres", parts_follow.look_notices, parts_follow.follow_notices, rank=22))
    register(Follower("exceptions of centres", parts_follow.look_exceptions, parts_follow.follow_exceptions, rank=23))
    standing = places_follow.look_centres, places_follow.follow_centres
    register(Follower("centres' provinces", *standing, rank=25))
    own = places_follow.look_own_procedures, places_follow.follow_own_procedures
    register(Follower("provinces' own procedures", *own, rank=24))
    for number, link in enumerate(links.LINKS):
        register(links.follower(link, rank=30 + number))
    clock.register("reorganisations", apply_due)
