"""What people bring: plans, registers, mappings and calendars, read with every fault named at once."""
