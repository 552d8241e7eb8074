"""Who may say and hear what on NATS."""
