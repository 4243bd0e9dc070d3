"""A month on the watch, in minutes: ``python -m tests.soak.month`` (docs/soak.md)."""
