"""Faults, injected for real: scripts that break the machine under Frontwatch and look what comes of it.

Each prints what was injected, what the screen said (read from a real terminal, in tmux) and what was kept,
and exits 1 where a promise was broken. ``docs/reliability.md`` has the table, with the command of each.
"""
