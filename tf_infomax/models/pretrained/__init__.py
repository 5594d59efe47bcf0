"""Trained models as folders: saving, addresses, loading, and starting another model from their weights."""
