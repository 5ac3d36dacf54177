"""
Scrapy's settings for this project, for `scrapy list`, `scrapy shell` and `scrapy crawl` as well.

A crawl that Late Edition starts overrides pace and time-outs with the operator's own settings.
"""

BOT_NAME = "lateedition"
SPIDER_MODULES = ["scrapers.spiders"]
NEWSPIDER_MODULE = "scrapers.spiders"

# The handler keeps what the server sent: header order and case, reason phrase, content coding.
DOWNLOAD_HANDLERS = {
    "http": "scrapers.fetching.handler.FaithfulHandler",
    "https": "scrapers.fetching.handler.FaithfulHandler",
    # What a page links to must never be read from this machine's disk.
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
# These listen on a port and run code that comes in.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DOWNLOAD_VERIFY_CERTIFICATES = True
# Robots rules are kept by our own middleware; Scrapy's keeps them for ever and takes failures for leave.
# `-s ROBOTSTXT_OBEY=False` is a person's own word for `scrapy shell`.
ROBOTSTXT_OBEY = True
DOWNLOADER_MIDDLEWARES = {
    "scrapers.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
}
COOKIES_ENABLED = False
# The pace is kept by the fetcher, for every host and for everything that leaves for it.
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 64
DOWNLOAD_TIMEOUT = 360
LOG_LEVEL = "INFO"
