"""What people read: pages, workbooks, documents, and what a terminal shows.

A result enters. `pages/` settles what every page says, as strings ready to print; `html/`, `pdf/`, `typst/`,
`xlsx/` and `docx/` each write it by one engine, loaded only when a file of that kind is made; `engines` chooses between
the two that draw PDFs; `text/` is for the terminal. Templates and styles lie in report_templates/ at the top, and so do
the layouts: heads, columns and their widths in spreadsheets are data there, layouts/NAME/layout.toml.
"""
