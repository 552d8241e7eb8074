"""The plumbing every service shares: settings, database, messaging, auth, problems, telemetry. Knows no domain word."""
