"""The circuits: Temporal workflows, their activities, the worker and the NATS door to them."""
