"""The paper: PDFs made from dossiers, archived by content, verified by anyone who holds one."""
