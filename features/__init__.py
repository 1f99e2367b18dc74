"""What was known about a household on a date: contract, known-at filter, features, cohort and label."""
