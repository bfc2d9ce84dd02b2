"""Files as people's tools write them: text to cells and values, each with its place. Nothing of a data package."""
