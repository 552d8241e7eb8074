"""What stops the stack from starting, in one French sentence that says what to do."""


class LaunchError(Exception):
    """Shown as it is, without a trace."""
