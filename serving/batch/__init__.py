"""A whole register scored: read, cut into parts, scored part by part, published at once."""
