"""A file of a foreign format → a grid of cells with their places.

Bytes enter; a `SourceFile` leaves. `files` tells the format and asks its reader: `xlsx`, `xls_ods`, `docx`, `pdf`
(`pdf_unruled` where no lines are drawn), `text`, `html`. Nothing is understood here, and nothing is run.
"""
