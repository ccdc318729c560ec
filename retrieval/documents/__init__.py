"""From files to entries: front matter, Markdown, manuals cut at their headings, passages."""
