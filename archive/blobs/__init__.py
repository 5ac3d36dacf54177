"""Where the WARC files live: local disk today, addressed by name, read by range."""
