"""The archive itself: captures as WARC records, the catalogue over them, their text, and the ledger of edits."""
