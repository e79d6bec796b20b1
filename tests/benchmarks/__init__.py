"""Measurements, each against a reference in the same run; `python -m tests.benchmarks` prints them."""
