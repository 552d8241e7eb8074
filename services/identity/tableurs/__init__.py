"""Files of spreadsheets, in and out: CSV of any Excel and XLSX, as lines of text."""
