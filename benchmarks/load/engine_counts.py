"""What PostgreSQL and Redis have counted: before and after, it gives what a turn costs them."""

from __future__ import annotations

import redis
import sqlalchemy as sa

from benchmarks.load.set_ups import SetUp

IN_POSTGRES = """
SELECT xact_commit AS transactions, tup_inserted AS rows,
  pg_total_relation_size('events') AS bytes,
  pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS log_bytes
FROM pg_stat_database WHERE datname = current_database()
"""
TOLD_WITHIN = 11.0  # seconds: an idle connection of PostgreSQL tells what it counted after 10


def engine_counts(set_up: SetUp) -> dict[str, float]:
    """Counts since the engines started; empty where the set-up has none."""
    counts: dict[str, float] = {}
    if set_up.postgres:
        engine = sa.create_engine(set_up.postgres.url)
        with engine.connect() as connection:
            row = connection.execute(sa.text(IN_POSTGRES)).mappings().one()
        engine.dispose()
        counts |= {f"postgresql {name}": float(value) for name, value in row.items()}
    if set_up.redis:
        client = redis.Redis.from_url(set_up.redis.url)
        scripts = client.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0)
        counts |= {
            "redis commands": float(client.info("stats")["total_commands_processed"]),
            "redis scripts": float(scripts),
            "redis bytes": float(client.info("memory")["used_memory"]),
        }
        client.close()
    return counts
