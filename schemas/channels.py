"""The two channels that need no entry in a channel file; all others are named there."""

OUTBOX = "outbox"
"""The folder of the issuing office itself: every document lies there, whoever else gets it."""

MAIL = "e-mail"
