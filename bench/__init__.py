"""The measures that the project keeps, each a line with its number: `make bench`, or `make bench ARGS=queries`."""
