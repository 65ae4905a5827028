"""Claims: build, scrub, status, batch, acknowledge."""
