"""How answers are shown: tables, sentences and numbers, to a terminal, as HTML, CSV and Markdown. No computing."""
