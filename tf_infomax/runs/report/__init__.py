"""The report of an evaluation: one page of HTML, in one file."""

from tf_infomax.runs.report.content import Neighbours, Report
from tf_infomax.runs.report.page import report_page

__all__ = ["Neighbours", "Report", "report_page"]
