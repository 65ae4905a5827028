"""What people decide where the service may not: replay, discard, retry, pause. Kept for ever."""
