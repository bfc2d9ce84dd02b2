"""What questions are asked with, each read in one place: studies, places, traffic, trade. No questions."""
