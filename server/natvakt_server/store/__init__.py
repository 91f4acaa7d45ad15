"""Where things are kept: `estate` and `inbox` in one SQL database, `timeseries` beside it."""
