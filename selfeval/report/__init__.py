"""What people read: pages, workbooks, documents, and what a terminal shows.

A result enters. `pages/` settles what every page says, as strings ready to print; `html/`, `pdf/`, `typst/`,
`xlsx/` and `docx/` each write it by one engine, loaded only when a file of that kind is made; `engines` chooses between
the two that draw PDFs; `text/` is for the terminal.
"""
