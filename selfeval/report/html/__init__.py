"""Documents → HTML, by Jinja2 in a sandbox.

A document enters; a page as text leaves. Templates of a unit's own come to an end (`sandbox`) and see only the
document.
"""
