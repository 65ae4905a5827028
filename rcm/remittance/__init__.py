"""835: match, post, codes."""
