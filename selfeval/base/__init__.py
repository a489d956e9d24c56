"""The words all rooms speak with, and the small tools they share.

What an evaluation is made of (`model`), what a finding is (`diagnostics`), the table of all codes with their sentences
in both languages (`codes`, codes.toml), what else is said (`phrases`) and its English (english.po), what a reader
remarks (`remarks`), the one place that rounds (`exact`), how values are written (`display`); and tools that know
nothing of evaluations: `text`, `text_width`, `files` (the one guarded reader, which links it follows, whole writes),
`evidence`, `safe_cells`, `toml_reader`, `grouping`, `waiting`, `memo`, `frozen`. Nothing of ours enters. Every other
room takes from here, module by module.
"""
