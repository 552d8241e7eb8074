"""The word: mails about requests, each a record with its delivery state."""
