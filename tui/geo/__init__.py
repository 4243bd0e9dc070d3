"""Where things are: the world's coasts and borders, a view of them, and what is drawn of it in dots.

Pure: places and cells in, dots and positions out. Nothing here knows a screen.
"""
