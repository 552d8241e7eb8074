"""The thin web UI: pages made on the server, a client of the HTTP APIs, owns no data."""
