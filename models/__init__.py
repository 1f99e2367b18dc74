"""From a feature frame to a decision: risk, reasons, bundle."""
