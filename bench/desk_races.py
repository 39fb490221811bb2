"""Two officers on one dossier, 64 writers of codes, and processes killed in the middle of acts."""

from __future__ import annotations

import os

from bench.site import BENCH_DIR, fresh, say

ROUNDS, CODES, KILLS = 2_000, 40, 150


def measure() -> bool:
    """Run each job on a database of its own and print what it found."""
    os.environ["TESTING"] = "1"
    from tests.desk import databases

    folder = fresh("desk_races")
    job = "tests.desk.writers"
    with databases.postgres("mot_cua_bench_races", folder) as url:
        with databases.copy(url) as own:
            race = databases.run(job, "race", ROUNDS, url=own, var_dir=folder)
        with databases.copy(url) as own:
            codes = databases.run(job, "number", CODES, url=own, var_dir=folder)
        with databases.copy(url) as own:
            killed = databases.run(job, "kill", KILLS, url=own, var_dir=folder)
    on_file = databases.run(job, "kill", KILLS, url=databases.sqlite(folder, BENCH_DIR), var_dir=folder)
    lines = [
        say(
            "desk_races",
            f"{race['rounds']:,} times two at once in {race['seconds']:.0f} s: {race['faster']:,} learnt that somebody "
            f"was faster, {race['wrong']} wrong, {len(race['faults'])} faults afterwards",
            holds=race["wrong"] == 0 and not race["faults"],
        ),
        say(
            "desk_races",
            f"64 writers took {codes['codes']:,} codes in {codes['seconds']:.0f} s, a fifth rolling back: "
            f"{'gaps or doubles' if codes['gaps_or_doubles'] else 'no gap, no double'}",
            holds=not codes["gaps_or_doubles"],
        ),
    ]
    for name, found in (("PostgreSQL", killed), ("SQLite", on_file)):
        lines.append(
            say(
                "desk_races",
                f"{name}: killed {found['killed']} times in the middle of acts, {found['events']:,} events, "
                f"{found['dossiers']:,} dossiers, {len(found['faults'])} faults",
                holds=not found["faults"] and found["events"] > 0,
            )
        )
    return all(lines)
