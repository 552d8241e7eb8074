"""What one may ask for: stages, sessions, and to whom each session is published."""
