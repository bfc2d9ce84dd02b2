"""Seven upgrades of the tiny network whose gains add up."""

SHIFT = "  - shift: {}\n    where: {{{}: {}}}\n    component: {}\n    field: hours\n    by: {}\n"
STEPS = (
    ("crossing", "crossing_id", "bc-out", "queue", -4),
    ("crossing", "crossing_id", "bc-out", "procedures", -1),
    ("terminal", "terminal_id", "alfa-origin-road", "handling", -3),
    ("terminal", "terminal_id", "charlie-road-port_out", "dwell", -20),
    ("terminal", "terminal_id", "charlie-road-port_out", "handling", -2),
    ("terminal", "terminal_id", "delta-port_in-destination", "procedures", -15),
    ("terminal", "terminal_id", "delta-port_in-destination", "handling", -7),
)
HOURS = [-step[4] for step in STEPS]
"""Seven changes on the way by Charlie, which wins without them: their gains, 8.25 USD an hour, add up."""
