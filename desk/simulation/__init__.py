"""A plausible province at work: for the demo, for tests and for benchmarks."""
