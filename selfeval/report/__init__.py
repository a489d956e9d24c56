"""The outermost layer: what was scored becomes HTML, PDF, XLSX and DOCX. It is loaded late, by what makes the files."""
