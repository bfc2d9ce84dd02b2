"""A page of an answer as a document to hand over: for Word and as PDF."""
