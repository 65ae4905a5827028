"""What can be expected to go wrong, and says by itself what to do."""


class RefusalError(Exception):
    """Ends a process in the words it was raised with, without a trace (`rcm.refusals`)."""
