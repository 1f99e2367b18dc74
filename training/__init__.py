"""Fit, judge, gate and register models."""
