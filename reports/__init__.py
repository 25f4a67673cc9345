"""What a campaign came to, on paper: one HTML page and one workbook, read from Postgres and from nothing else."""

from reports.writing import write_report

__all__ = ["write_report"]
