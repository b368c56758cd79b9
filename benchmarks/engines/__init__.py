"""PostgreSQL, Redis and nginx on free ports of this machine, for benchmarks and for tests."""
