"""Use cases of the service, one file a topic; each function takes the caller's transaction and never commits."""
