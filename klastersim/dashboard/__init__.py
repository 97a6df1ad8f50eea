"""The workshop dashboard: one page in Indonesian and English that needs no internet."""
