"""Alarms on their way out: which output is told of what, and the sending."""
