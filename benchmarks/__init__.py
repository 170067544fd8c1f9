"""What is measured, and against whom: `python -m benchmarks` prints one table and writes `benchmarks/results.md`."""
