"""How published data becomes rows: read, parse, compare three ways, write in bulk, report."""
