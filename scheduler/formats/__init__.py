"""Readers and writers of the files: the workbook, its template, and JSON."""
