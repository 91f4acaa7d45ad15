"""Ledger and inbox: what the gateway inserts before it acknowledges and what the worker takes. Tables: `estate.tables.delivery`."""
