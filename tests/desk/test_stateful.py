"""No sequence of acts, by any mix of users and clocks, breaks what must hold (more steps: `make bench`)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk.life import Life, make_world


def test_no_sequence_of_acts_breaks_what_must_hold(db):
    Life.world = make_world()
    Life.steps.clear()
    few = settings(
        max_examples=25,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,  # The same lives each time, so what they came to can be counted; the bench's are random.
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=few)
    assert Life.steps["done"] > 200 and Life.steps["undone"] > 0
