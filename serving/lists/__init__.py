"""Lists drawn from published scores at a terminal: facts, rules, files."""
