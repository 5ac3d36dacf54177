"""The page, the read API and the feeds; deployable without Scrapy."""

from lateedition.web.app import create_app

__all__ = ["create_app"]
