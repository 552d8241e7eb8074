"""The pages, one small file per topic."""
