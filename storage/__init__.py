"""Postgres: the ledger, current state, registers and documents. It keeps facts and judges nothing."""
