"""Feeds: from an address on the web to entries whose text is safe."""
