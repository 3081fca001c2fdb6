"""What statements cost in calls to the server, by kind, from the worker's counters."""


def calls_of(cluster, run):
    """The calls that `run` costs, by kind, without sessions."""
    def counters():
        rows = cluster.sql("SELECT kind, sum(n::bigint) FROM kalam_stat, LATERAL jsonb_each_text(calls_by_kind::jsonb) k(kind, n) GROUP BY 1")
        return {kind: int(n) for kind, n in rows}

    before = counters()
    run()
    after = counters()
    changed = {kind: n - before.get(kind, 0) for kind, n in after.items() if n != before.get(kind, 0)}
    return {kind: n for kind, n in changed.items() if kind not in ("OpenSession", "CloseSession")}
