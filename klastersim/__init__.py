"""Simulates when clusters of small firms turn active or stay passive, and what policy does to that."""
