"""A document → PDF/A-3a, by Typst: the second engine, for machines without Pango.

A document and the files that travel in it enter; bytes leave, the same every time. `as_data` hands the document over
as plain data and never as markup, `prose` Markdown as a tree; `faces` says which fonts are there, `engine` compiles the
shipped templates (report_templates/typst), which reach no file and no network; `book` binds.
"""
