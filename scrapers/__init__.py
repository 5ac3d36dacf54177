"""The Scrapy project: fetching, discovery and the spider. The only home of Scrapy."""
