"""What is written of a study: its report, tables, charts and workbook."""
