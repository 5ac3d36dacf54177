"""The catalogue: an index over the WARC files that can be made anew from them, and the queries on it."""
