"""The gate: what a page is, told before anything of it may become a version."""

import re
from dataclasses import dataclass

from archive.model import PageKind
from archive.text.page import Page, visible_text
from archive.urls import UrlKind, kind_of

__all__ = ["Evidence", "kind_of_page"]

#: Pages with fewer words than this, ideographs counted in pairs, hold nothing to read.
FEW = 25
#: A wall or an error page is short; an article that mentions cookies is not.
SHORT = 260

CHALLENGE = re.compile(
    r"just a moment|checking your browser|verify(ing)? (that )?you are (a )?human|are you a robot|unusual traffic|"
    r"press (and|&) hold|security check|complete the captcha|enable javascript and cookies to continue|ddos protection|"
    r"attention required|access denied|request blocked|pardon our interruption|bot detection|"
    r"browser (wird )?überprüft|sind sie ein mensch|vérification de (votre|sécurité)|comprobando (tu|su) navegador|"
    r"ロボットではありません|人机验证|安全检查",
    re.IGNORECASE,
)
CHALLENGE_MARKUP = re.compile(
    r"cdn-cgi/challenge|cf-chl|hcaptcha|g-recaptcha|px-captcha|datadome|_incapsula_|awswaf", re.IGNORECASE
)
CONSENT = re.compile(
    r"we value your privacy|before you continue|your privacy choices|we (and our|use) .{0,40}(partners|cookies)|"
    r"accept (all )?(cookies|and continue)|accept all|manage (your )?(options|choices|preferences|consent)|consent to (the use|our)|"
    r"wir (schätzen|respektieren) ihre privatsphäre|alle akzeptieren|zustimmen und weiter|einwilligung|datenschutzeinstellungen|"
    r"tout accepter|accepter et continuer|gérer (mes|vos) (choix|préférences)|respect(ons)? (de )?votre vie privée|"
    r"aceptar (todo|todas|y continuar)|valoramos tu privacidad|configurar cookies|"
    r"accetta (tutto|tutti|e continua)|aceitar (tudo|todos|e continuar)|alles accepteren|akkoord|acceptera alla|godta alle|accepter alle|"
    r"zaakceptuj|přijmout vše|tümünü kabul et|hyväksy kaikki|принять все|すべて同意|同意して続ける|接受所有|모두 동의",
    re.IGNORECASE,
)
CONSENT_TOPIC = re.compile(
    r"cookie|privacy|personal data|consent|privatsphäre|datenschutz|vie privée|données personnelles|privacidad|datos personales|dati personali|dados pessoais|privacy|integritet|personvern|privatliv|prywatno|soukrom|gizlilik|tietosuoja|プライバシー|クッキー|隐私|개인정보",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"\b(log ?in|sign ?in|log on)\b.{0,40}(continue|your account|to (read|view)|required)|^(log ?in|sign ?in|anmelden|einloggen|connexion|"
    r"se connecter|identifiez-vous|iniciar sesión|inicia sesión|accedi|entrar|fazer login|inloggen|logga in|logg inn|log ind|zaloguj( się)?|"
    r"přihlásit se|přihlášení|giriş yap|kirjaudu|вход|войти|ログイン|登录|로그인)\b",
    re.IGNORECASE,
)
NOT_FOUND = re.compile(
    r"\b404\b|\b410\b|page (was |is |can(no|')t be |could not be |not )?(found|available)|not found|can'?t find (that|the|this) page|"
    r"(page|article|story|content) (you('re| are) looking for|you requested)|no longer (available|exists)|does(n't| not) exist|has been removed|"
    r"(seite|artikel) (wurde )?(leider )?nicht (mehr )?(gefunden|verfügbar|vorhanden)|nicht gefunden|existiert nicht|"
    r"page (introuvable|non trouvée|inexistante)|(cette|la) page n'existe|n'est plus disponible|"
    r"página (no encontrada|no existe|não encontrada|não existe)|no (se )?(ha )?(encontrado|encuentra|existe)|"
    r"pagina (non trovata|niet gevonden)|sidan (kunde inte|finns inte|hittades inte)|siden (finnes ikke|ble ikke funnet|blev ikke fundet|findes ikke)|"
    r"nie (znaleziono|istnieje)|nenalezena|sayfa bulunamadı|sivua ei löyty|не найден|страница не существует|"
    r"(ページ|記事)(が|は)(見つかりません|存在しません|ありません)|页面不存在|找不到|찾을 수 없",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"(subscribe|register|sign up|log in) (now )?(to|and) (continue|keep|read|unlock|access)|subscribers? only|for subscribers|"
    r"already a subscriber|you have read \d+ of|(reached|used) your (free )?(article )?limit|this (article|content|story) is for (subscribers|members)|"
    r"unlock (this|the full|full) (article|story|access)|continue reading (with|by)|"
    r"(jetzt |mit )?(abo|abonnement|abonnieren).{0,40}(weiterlesen|lesen|testen)|weiterlesen mit|nur für abonnenten|bereits abonnent|"
    r"réservé aux abonnés|abonnez-vous pour (lire|continuer)|déjà abonné|la suite est réservée|"
    r"(suscríbete|suscríbase) para (seguir|continuar|leer)|solo para suscriptores|ya (soy|eres) suscriptor|contenido exclusivo|"
    r"(abbonati|registrati) per (continuare|leggere)|riservato agli abbonati|assine para (ler|continuar)|exclusivo para assinantes|"
    r"word abonnee|alleen voor abonnees|prenumerera för att|bare for abonnenter|kun for abonnenter|tylko dla (abonentów|prenumeratorów)|"
    r"pouze pro předplatitele|aboneler için|tilaajille|только для подписчиков|有料会員|会員限定|続きを読むには|付费|订阅后|구독자 전용",
    re.IGNORECASE,
)
PAYWALL_MARKUP = re.compile(
    r"class=[\"'][^\"']*\b(paywall|regwall|piano-offer|subscription-wall|premium-wall|tp-modal|metered)[\w-]*",
    re.IGNORECASE,
)
JAVASCRIPT_SHELL = re.compile(
    r"enable javascript|activate javascript|javascript (is )?(required|disabled)|javascript aktivieren|activer javascript",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What extraction found, which the gate weighs."""

    headline: str
    #: Words of body, notes and entries.
    body_words: int
    paragraphs: int
    has_retraction: bool
    entries: int


def kind_of_page(page: Page, found: Evidence) -> PageKind:
    """Say what a page is."""
    text = visible_text(page.tree)
    top = f"{page.title} {' '.join(page.h1s)}"
    if found.has_retraction and found.headline:
        return PageKind.ARTICLE
    if (wall := _wall(page, top, text, found)) is not None:
        return wall
    if (page.is_live_data and found.entries) or found.entries >= 3:
        return PageKind.LIVEBLOG
    if _is_paywalled(page, text, found):
        return PageKind.PAYWALLED
    if _is_listing(page, found):
        return PageKind.LISTING
    if found.body_words < FEW or not found.headline:
        return PageKind.EMPTY
    return PageKind.ARTICLE


def _wall(page: Page, top: str, text: str, found: Evidence) -> PageKind | None:
    """Recognise what stands in an article's place; all of it is short."""
    if found.body_words > SHORT:
        return None
    if NOT_FOUND.search(top) and not _says_article(page):
        return PageKind.NOT_FOUND
    short = page.words <= SHORT
    if (CHALLENGE.search(top) and short) or (
        CHALLENGE_MARKUP.search(page.html) and short and CHALLENGE.search(text)
    ):
        return PageKind.CHALLENGE
    if _says_article(page) and found.body_words >= FEW:
        return None
    if short and CHALLENGE.search(text) and not JAVASCRIPT_SHELL.search(text[:200]):
        return PageKind.CHALLENGE
    if short and CONSENT.search(text) and CONSENT_TOPIC.search(text):
        return PageKind.CONSENT
    if page.tree.find(".//input[@type='password']") is not None and (short or LOGIN.search(top)):
        return PageKind.LOGIN
    if short and any(LOGIN.search(one) for one in [page.title, *page.h1s]):
        return PageKind.LOGIN
    if short and NOT_FOUND.search(text[:400]):
        return PageKind.NOT_FOUND
    return None


def _is_paywalled(page: Page, text: str, found: Evidence) -> bool:
    if page.article_data.get("isAccessibleForFree") in (False, "False", "false"):
        return bool(PAYWALL.search(text) or PAYWALL_MARKUP.search(page.html)) and found.body_words < 2 * SHORT
    return bool(PAYWALL_MARKUP.search(page.html) and PAYWALL.search(text)) and found.body_words < SHORT


def _is_listing(page: Page, found: Evidence) -> bool:
    """Tell a page of links from an article by what it says of itself, its address and its text."""
    if page.article_data or page.is_live_data:
        return False
    if kind_of(page.url) in (UrlKind.HOME, UrlKind.SECTION) and not _says_article(page):
        return True
    if page.metas.get("og:type", "").lower() in ("website", "object") and found.paragraphs < 3:
        return True
    links = [one for one in page.tree.iter("a") if len((one.text_content() or "").strip()) >= 20]
    headlines = sum(one.tag in ("h2", "h3", "h4") for one in page.tree.iter("h2", "h3", "h4"))
    if _says_article(page):
        return False
    return (len(links) >= 12 and found.body_words < 150) or (headlines >= 10 and found.paragraphs < 4)


def _says_article(page: Page) -> bool:
    return (
        bool(page.article_data)
        or page.metas.get("og:type", "").lower() == "article"
        or "article:published_time" in page.metas
    )
