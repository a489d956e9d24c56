"""selfeval: year-end performance self-evaluation (绩效自评) of budget projects, from plain files."""

__version__ = "0.1.0.dev0"
