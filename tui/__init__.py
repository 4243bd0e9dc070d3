"""Frontwatch: a region's security incidents, watched through open news feeds."""
