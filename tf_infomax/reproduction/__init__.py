"""Experiments that compare methods over seeds, cell by cell, and write a table."""
