"""Files and control numbers: what goes out and comes in."""
