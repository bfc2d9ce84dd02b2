"""Answers whose class and page fill a file of their own; words and tables that several pages share. No questions."""
