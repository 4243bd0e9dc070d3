"""Benchmarks: run by hand, each beside a reference in the same run, since machines are noisy."""
