"""Tagging: from a text to fronts, kind and facts, with the evidence."""
