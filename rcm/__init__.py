"""The business: decisions are functions of values; SQL lives in `store` modules."""
