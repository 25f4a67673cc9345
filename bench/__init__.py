"""Figures: the engine beside a bare skeleton, a naive design and DBOS, in one run (`python -m bench`)."""
