"""What a campaign came to, on paper: a page, a workbook and the file of documents, read from Postgres alone."""

from reports.documents.page import write_docket
from reports.writing import write_report

__all__ = ["write_docket", "write_report"]
