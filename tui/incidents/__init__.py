"""Incidents: from many reports to one event."""
