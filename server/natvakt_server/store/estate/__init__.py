"""The SQL database: engine, transactions, tables and migrations, and one small class for each port of `domain`."""
