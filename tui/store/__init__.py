"""The store: the one place where collector and screens meet."""
