"""HTML → PDF/A-3a, by WeasyPrint.

A page as HTML and the files that travel in it enter; bytes leave, the same every time. `requirements` says what a
machine lacks, `fonts` and `fontconfig` which faces are there, `patches/` what WeasyPrint is spared; `book` binds.
"""
