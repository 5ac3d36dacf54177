"""The service: when what is visited, the crawl's frontier, and the processes of `run`."""
