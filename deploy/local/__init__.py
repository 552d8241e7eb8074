"""The whole platform on one machine: the real servers, the services, the worker and the gateway, each a process."""
