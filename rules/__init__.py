"""What follows: calendar, deadlines, the three cores.

Pure: no I/O, no clock, no randomness; standard library and schemas only.
"""
