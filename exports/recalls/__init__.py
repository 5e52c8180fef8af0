"""Recalls: copies that are out are called back, and every one is accounted for."""
