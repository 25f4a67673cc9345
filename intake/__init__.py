"""Input files (plans, registers, mappings, calendars), each read with all its faults reported at once."""
