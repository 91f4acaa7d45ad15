"""One module per MIB (or family): each writes declarative facts of a device into a `MibBuilder`."""
