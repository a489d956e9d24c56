"""A document → Word, by python-docx.

A document enters; bytes leave. `writer` and `styles` know Word, `report`, `form` and `markdown` the report.
"""
