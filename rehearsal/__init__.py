"""Simulated people, against the pure rules (forecast) or against the real engine in compressed time (rehearsal)."""
