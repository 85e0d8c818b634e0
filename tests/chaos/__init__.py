"""Proofs with real processes that are killed at random moments."""
