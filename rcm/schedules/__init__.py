"""When we exchange with whom: schedules as rows, each tick once."""
