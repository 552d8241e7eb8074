"""Where the mails of the local stack end: kept as files, read at /courrier. Not for any other use."""
