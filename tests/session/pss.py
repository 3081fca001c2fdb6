"""What backends cost in memory. Used by test_footprint.py and bench/."""
import pathlib
import re
import statistics


def mean_pss(connect, statements, sessions=20):
    """kB of memory that each of some backends has after the statements, its part of shared pages included."""
    made = [connect() for _ in range(sessions)]
    for session in made:
        with session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    rollups = [pathlib.Path(f"/proc/{session.info.backend_pid}/smaps_rollup").read_text() for session in made]
    for session in made:
        session.close()
    return statistics.mean(int(re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)[1]) for text in rollups)
