"""
Addresses: the same article under many spellings, and what an address alone says about a page.

Pure: nothing is looked up. The address as it was met is always kept beside what is made of it here.
"""

import re
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

__all__ = [
    "UrlKind",
    "choose_canonical",
    "clean_url",
    "identity_key",
    "kind_of",
    "same_site",
    "urlkey",
]


class UrlKind(StrEnum):
    """What an address looks like, before anything is fetched."""

    HOME = "home"  # the root of a host, or its index page
    SECTION = "section"  # a listing: topic, tag, author, archive of a day
    ARTICLE = "article"  # a date, an id or a long slug
    FEED = "feed"
    SITEMAP = "sitemap"
    ASSET = "asset"  # image, script, document
    SERVICE = "service"  # log-in, search, privacy, about: neither article nor listing
    UNKNOWN = "unknown"


#: Query parameters that say where a reader came from, never what is read.
TRACKING = re.compile(
    r"^(utm_.*|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|cmpid|cmp|ocid|ito|xtor|at_.*|"
    r"ref|ref_src|ref_url|referrer|smid|smtyp|partner|campaign|wt_mc|wt\..*|sr_share|share|amp_js_v|usqp|_ga|_gl|"
    r"guccounter|guce_.*|spm|soc_.*|source|fb_.*|__twitter_impression|taid|CMP)$",
    re.IGNORECASE,
)
#: Parameters that choose a rendition of the same article.
RENDITION = re.compile(r"^(outputtype|output|amp|page|view|print)$", re.IGNORECASE)
RENDITION_VALUES = re.compile(r"^(amp|1|true|\d{1,3}|all|print|html|)$", re.IGNORECASE)

HOST_PREFIX = re.compile(r"^(www\d?|m|mobile|amp)\.(?=[^.]+\.)")
AMP_PATH = re.compile(r"(/amp/?$|\.amp(?=\.html?$)|^/amp(?=/))", re.IGNORECASE)

ASSETS = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|pdf|zip|gz|mp[34]|m4[av]|webm|mov|woff2?|ttf|docx?|xlsx?|csv)$",
    re.IGNORECASE,
)
FEEDS = re.compile(
    r"(^|/)(feeds?|rss|atom)(/|$|\.(xml|php|aspx)$)|\.(rss|atom)$|(rss|atom|feed)\w*\.xml$", re.IGNORECASE
)
SITEMAPS = re.compile(r"sitemap[^/]*(\.xml(\.gz)?|/?)$", re.IGNORECASE)
SECTIONS = re.compile(
    r"(^|/)(tags?|topics?|categor(y|ies)|author|authors|section|sections|archives?|profile|people|themen?|thema|rubrik|"
    r"rubrique|tema|temas|autor|autoren|auteur|autore|news|world|latest|index)/?([^/]*/?)$",
    re.IGNORECASE,
)
SERVICES = re.compile(
    r"(^|/)(log-?in|sign-?in|sign-?up|register|subscribe|subscriptions?|abo|account|search|suche|privacy[\w-]*|terms[\w-]*|"
    r"cookies?[\w-]*|imprint|impressum|about[\w-]*|contact[\w-]*|kontakt|newsletters?|advertis\w*|careers?|jobs|help|faq)"
    r"(\.html?|/|$)",
    re.IGNORECASE,
)
DATED = re.compile(r"/(19|20)\d\d([/-]?)(0?[1-9]|1[0-2])(\2(0?[1-9]|[12]\d|3[01]))?[/-]")
DATE_ONLY = re.compile(r"/(19|20)\d\d(/\d{1,2}){0,2}/?$")
IDS = re.compile(
    r"(^|[/_.,!-])(a|id|art|article|story)?-?\d{5,}([/_.,-]|$)|-\d{4,}(\.html?)?$|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}"
    r"|/(?=[A-Za-z0-9]*\d{4})(?=[0-9]*[A-Za-z])[A-Za-z0-9]{12,}([/.]|$)"
)
PAGES = re.compile(r"\.(html?|php|aspx?|shtml|stm|cms|ece)$", re.IGNORECASE)
OWN_INDEX = re.compile(r"/index\.\w{3,5}$", re.IGNORECASE)
INDEX = re.compile(r"^/(index|home|default)?(\.\w{3,5})?$|^/[a-z]{2}(-[a-z]{2})?/?$", re.IGNORECASE)
STORY_PARAMETERS = frozenset(
    {
        "id",
        "p",
        "story",
        "article",
        "articleid",
        "article_id",
        "articleno",
        "artnr",
        "newsid",
        "news_id",
        "newsno",
        "storyid",
        "nid",
        "idx",
        "seq_code",
    }
)


#: Characters of an address: the longest that servers and WARC tools are known to take.
LONGEST = 8000
HOST = re.compile(r"[a-z0-9._~-]+")
#: What may stand in path and query as it is (RFC 3986 §3.3, §3.4), brackets included because servers use them.
SAFE = "/%:@!$&'()*+,;=?~[]|^{}\\`\"<>"
PLAIN = re.compile(r"[!-~]*")


def urlkey(url: str) -> str:
    """
    Return the SURT of an address as CDX servers write it: `com,example)/path?query`.

    Scheme, `www.`, default ports, fragment and the order of the query do not count.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    turned = host if _is_ip(host) else ",".join(reversed(host.split(".")))
    path = quote(unquote(parts.path or "/"), safe="/!$&'()*+,;=:@~-._").lower()
    path = path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{turned}{port}){path}{'?' + query if query else ''}"


def clean_url(url: str) -> str:
    """
    Return an address without what does not choose the page: fragment, tracking parameters, default port.

    What may not stand in an address as it is (spaces, letters beyond ASCII) is escaped, as browsers do.

    Raises:
        ValueError: it is no http or https address, or longer than any server takes.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        message = f"{_short(url)}: is no http or https address; write it as https://news.example/story"
        raise ValueError(message)
    if len(url) > LONGEST:
        message = f"{_short(url)}: is {len(url)} characters long, over {LONGEST}; it is not asked for"
        raise ValueError(message)
    scheme = parts.scheme.lower()
    host = _ascii_host(parts.hostname.lower(), url)
    default = {"http": 80, "https": 443}[scheme]
    port = f":{parts.port}" if parts.port and parts.port != default else ""
    kept = [
        piece for piece in parts.query.split("&") if piece and not TRACKING.match(piece.partition("=")[0])
    ]
    return urlunsplit((scheme, host + port, _escaped(parts.path or "/"), _escaped("&".join(kept)), ""))


def _ascii_host(host: str, url: str) -> str:
    """Return a host as it goes over the wire (IDNA)."""
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        if not HOST.fullmatch(host):
            message = f"{_short(url)}: {host!r} is no host name"
            raise ValueError(message)
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        message = f"{_short(url)}: {host!r} is no host name ({error})"
        raise ValueError(message) from error


def _escaped(part: str) -> str:
    """Escape what RFC 3986 does not let stand, leaving what is escaped already."""
    return part if PLAIN.fullmatch(part) else quote(part, safe=SAFE)


def _short(url: str) -> str:
    return url if len(url) <= 200 else url[:200] + "…"


@lru_cache(maxsize=4096)
def identity_key(url: str) -> str:
    """
    Return the key that says "same article": two addresses with one key lead to one article.

    Scheme, `www.`/`m.`/`amp.`, tracking, AMP forms, page numbers, a slash at the end and the order of
    parameters do not count; parameters that name the story do.
    """
    parts = urlsplit(clean_url(url))
    host = HOST_PREFIX.sub("", parts.netloc)
    path = AMP_PATH.sub("", parts.path)
    path = unquote(path).rstrip("/") or "/"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted(pair for pair in pairs if not _chooses_rendition(*pair))
    return f"{host}{path}{'?' + urlencode(kept) if kept else ''}"


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one site: one registrable domain, or one numeric host."""
    return _site(one) == _site(other) != ""


def kind_of(url: str) -> UrlKind:
    """Say what an address looks like by itself."""
    parts = urlsplit(url)
    path = parts.path or "/"
    names = {name.lower() for name, _ in parse_qsl(parts.query)}
    if SITEMAPS.search(path):
        return UrlKind.SITEMAP
    if FEEDS.search(path):
        return UrlKind.FEED
    if ASSETS.search(path):
        return UrlKind.ASSET
    if INDEX.match(path) and not names & STORY_PARAMETERS:
        return UrlKind.HOME
    if SERVICES.search(path):
        return UrlKind.SERVICE
    if DATE_ONLY.search(path):
        return UrlKind.SECTION
    if DATED.search(path) or IDS.search(path) or names & STORY_PARAMETERS:
        return UrlKind.ARTICLE
    if SECTIONS.search(path):
        return UrlKind.SECTION if not _is_slug(path) else UrlKind.ARTICLE
    if _is_slug(path):
        return UrlKind.ARTICLE
    if PAGES.search(path):
        return UrlKind.UNKNOWN
    return UrlKind.SECTION if path.strip("/").count("/") <= 1 else UrlKind.UNKNOWN


#: What no address holds as it stands (RFC 3986 §2): joined to the page's own it would pass for one.
NO_ADDRESS = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f\x7f]")


def choose_canonical(requested: str, canonical: str | None) -> str:
    """
    Return the address an article goes by: the page's canonical link where it can be believed.

    It is not believed when it is no address at all, leaves the site, names a home page or section, or drops the
    parameter or path that made the requested address an article of its own.
    """
    own = clean_url(requested)
    if not canonical or NO_ADDRESS.search(canonical.strip()):
        return own
    try:
        named = clean_url(canonical)
    except ValueError:
        return own
    if not same_site(own, named) or kind_of(named) not in (UrlKind.ARTICLE, UrlKind.UNKNOWN):
        return own
    if (
        _story_of(own)
        and not _story_of(named)
        and kind_of(own) is UrlKind.ARTICLE
        and not DATED.search(urlsplit(named).path)
    ):
        return own
    return named


def _story_of(url: str) -> str:
    pairs = parse_qsl(urlsplit(url).query)
    return next((value for name, value in pairs if name.lower() in STORY_PARAMETERS), "")


def _chooses_rendition(name: str, value: str) -> bool:
    return bool(RENDITION.match(name) and RENDITION_VALUES.match(value))


def _is_slug(path: str) -> bool:
    """Tell whether the last part of a path is made of words, as headlines are."""
    path = OWN_INDEX.sub("", path)
    last = PAGES.sub("", path.rstrip("/").rsplit("/", 1)[-1])
    words = [word for word in re.split(r"[-_]", last) if word]
    return len(words) >= 4 or (len(words) >= 2 and bool(PAGES.search(path)) and len(last) >= 12)


@lru_cache(maxsize=4096)
def _site_of_host(host: str) -> str:
    if _is_ip(host) or "." not in host:
        return host
    # Imported when needed: it takes longer to load than many pages take to read.
    from tld import get_fld

    return get_fld(f"http://{host}/", fail_silently=True) or ".".join(host.split(".")[-2:])


def _site(url: str) -> str:
    try:
        return _site_of_host((urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
