"""The calls of the APIs, one file a topic, that `services.web.client.Api` gathers."""
