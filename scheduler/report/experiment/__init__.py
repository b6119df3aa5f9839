"""The answers of a policy experiment: from many runs to a workbook, a page, a table, a summary and figures. Never imports a solver."""
