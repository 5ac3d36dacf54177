"""What a browser may do with an answer: our own pages, and archived ones."""

__all__ = ["ARCHIVED", "OWN", "PAGE_POLICY", "STYLE"]

#: Our pages: styles and pictures of ours, forms to us, nobody's frame.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
OWN = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
#: Our style sheet and icon: what we say inside the frame of an archived page, which is of no origin, needs them.
STYLE = OWN | {"Cross-Origin-Resource-Policy": "cross-origin"}
#: What an archived page may do: be looked at. `sandbox` without allow-scripts and allow-same-origin also stops
#: forms, refreshes, downloads, and gives the page an origin that no cookie belongs to.
ARCHIVED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",
    # A sandboxed page is of no origin: its own archived pictures would be refused under same-origin.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex, noarchive",
}
