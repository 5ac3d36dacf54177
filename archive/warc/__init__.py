"""WARC/1.1 files: building records, writing them durably, walking and reading them back."""
