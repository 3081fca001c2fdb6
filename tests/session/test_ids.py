"""snowflake_id() in many backends at once: no id twice, each backend's own increase."""
import threading


def test_ids_of_many_backends_differ(cluster):
    taken, failed = [], []

    def take():
        try:
            rows = cluster.sql("SELECT snowflake_id() FROM generate_series(1, 5000)")
            taken.append([row[0] for row in rows])
        except Exception as error:  # told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert all(ids == sorted(ids) and ids[0] > 0 for ids in taken)
    assert len({one for ids in taken for one in ids}) == 8 * 5000
