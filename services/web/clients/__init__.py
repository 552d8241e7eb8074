"""The calls of one topic each, that the `Api` of the pages gathers."""
