"""The outermost layer: what was scored becomes HTML, PDF, XLSX and DOCX. Nothing depends on it."""
