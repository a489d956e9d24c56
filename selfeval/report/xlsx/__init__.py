"""A result → workbooks, by openpyxl.

A result enters; bytes leave. `board` puts cells, formulas and looks on a sheet; `workbook`, `form` and `review` say
what.
"""
