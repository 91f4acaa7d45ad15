"""What a word looks like: the allow-list of shapes that configurations are made of. A word of no such shape could be a secret.

Judged by runs of letters and digits, since names, addresses, versions and file names are short runs joined by separators, and secrets
are not.
"""

import base64
import binascii
import re
from enum import Enum
from itertools import pairwise

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_INTERFACE = (
    r"(?:[a-z]{1,3}|(?:hundred|forty|fifty|twenty-?five|ten|two|four)?-?gig(?:abit)?(?:ethernet|e)?|fast-?ethernet|ethernet|bundle-ether|port-channel|"
    r"tunnel(?:-ip|-te)?|loopback|vlan|serial|mgmteth|management|nve|bdi|bvi|dialer|virtual-template|virtual-access|cellular|async|pos|atm|"
    r"appgigabitethernet|wlan-gigabitethernet|dot11radio|tengigabitethernet|hundredgige|fortygige|twentyfivegige|fivegigabitethernet|"
    r"twogigabitethernet|multigigabitethernet|internal-data|internal-control|redundant|tengige|oob|eth|channel|service-engine|voice-port|gmpls)"
)
_SHAPES = (
    r"[-+]?\d{1,15}(?:[.,:/_-]\d{1,15})*%?",  # numbers, ranges, lists, dates, times, addresses, route targets, OIDs
    r"(?:\d{1,3}\.){3}\d{1,3}(?:[/:-][\d.]+)?",
    r"[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w+)?(?:/\d{1,3})?",  # IPv6
    r"[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){1,6}:(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,3})?",
    r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}",  # MAC addresses
    r"0x[0-9a-f]{1,8}",
    r"%?[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)?-[0-7](?:-[A-Z0-9_]+)?",  # mnemonics of messages: %SYS-5-CONFIG_I
    r"[\w.-]+\([\w-]+\)[#>]?|[\w.-]+(?:/[\w-]+){0,3}[#>]",  # prompts
    rf"{_INTERFACE}\d+(?:[/.:]\d+)*(?:-\d+)?,?",
    r"\d+(?:\.\d+)*\([\w.]+\)[\w.()]*",  # versions: 15.2(4)E7, 7.0(3)I7(9)
    r"\d+(?:\.\d+)+[a-z]{0,3}\d{0,2}[a-z]?",  # versions: 17.03.04a
    rf"\d{{1,2}}-?(?:{_MONTHS})-?\d{{2,4}}",
    r"[a-z]{3}\d{4}[a-z0-9]{4}",  # serial numbers
    r"\$\(?[a-z_][a-z0-9_.]{0,39}\)?",  # variables in applets and banners
    r"\d{1,9}(?:st|nd|rd|th|ms|s|m|h|d|w|k|g|t|kb|mb|gb|kbps|mbps|gbps|gb/s|mb/s|gig|meg|v|a|u|ghz|mhz|db|dbm|km|mm|nm|x\d+|e)",
    r"(?:[a-z0-9.^$*+?|\\_\[\]()-]|\d)*[\^$*\\|\[\]][0-9._^$*+?|\\\[\]()-]*",  # expressions over AS paths
)
_SHAPE = re.compile("|".join(f"(?:{shape})" for shape in _SHAPES), re.IGNORECASE)
_FILE = re.compile(
    r"[\w./:~#+()-]+\.(?:bin|tar|spa|img|pkg|cfg|conf|txt|cer|crt|pem|pfx|p12|xml|xsd|tcl|py|sh|gz|tgz|iso|smu|rpm|html?|csv|log|js|css|dat|loads|sbn|"
    r"sgn|wav|au|raw|jpg|png|jar|zip|ova|qcow2|bat|exe|k8|k9)",
    re.IGNORECASE,
)
_FILE_RUN_LIMIT = 40
_RUN = re.compile(r"[^\W_]+")
_EDGES = "()[]{}<>\"'`,;:.!?*#=~|-_/\\"
_ASTERISKS = re.compile(r"\*+|[xX]{3,}|<removed>|<hidden>|<secret hidden>")
_ESCAPES = re.compile(r"%[0-9a-fA-F]{2}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,}")
_HEX_PAIRS = re.compile(r"(?:[0-9a-fA-F]{2}[:.-]){8,}[0-9a-fA-F]{2}")  # longer than any hardware address
_TYPE7 = re.compile(r"(?:0[0-9]|1[0-5])(?:[0-9A-F]{2}){4,}")
_STEMS = re.compile(
    r"(?:vlan|vl|sw|switch|rtr|router|core|acc|access|dist|agg|ap|wlc|fw|asa|gw|po|gi|te|fa|eth|as|area|site|room|rack|port|floor|building|bldg|id|nr|no|"
    r"lo|tun|srv|server|host|pc|vm|esx|nas|ups|pdu|net|lan|wan|vrf|acl|group|class|queue|dmz|isp|link|line|pod|row|zone|unit|slot|module|panel|patch|"
    r"plan|hus|sal|rum|v|r|c|n|ip|ipv|dot|wpa|sha|md|aes|des|ws|isr|asr|nexus|cat|catalyst|http|ssh|tls|ssl|layer|level|stage|phase|class|mpls|cos|"
    r"dscp|af|cs|ef|prio|snmp|oid|rfc|cve|kb|inc|chg|req|ticket|case|sr|win|windows|rhel|server|q|t|e|x|b|p|h|s|d|l|m|g|f|k)",
    re.IGNORECASE,
)
_PAIRS = """
    bq bx bz cj cv cx cz dx dz fj fq fv fx fz gj gq gv gx gz hj hq hx hz jb jc jd jf jg jh jj jk jl jm jn jp jq jr js jt jv jw jx jy
    jz kq kx kz lq lx lz mj mq mx mz nq pj pq pv px pz qa qb qc qd qe qf qg qh qj qk ql qm qn qo qp qq qr qt qv qw qx qy qz rq rx sx
    sz tq tx vb vc vd vf vg vh vj vk vm vp vq vt vv vw vx vz wj wq wv wx wz xb xd xg xj xk xl xm xn xq xr xs xv xw xz yj yq yx zb zc
    zd zf zg zj zk zn zp zq zr zs zt zv zx
"""
_NO_PAIRS = frozenset(_PAIRS.split())
"""Pairs of letters that words of English and Swedish hardly ever hold."""
_HUMP = re.compile(r"[^\W\d_a-zåäö]?[a-zåäö]+|[^\W\d_a-zåäö]+(?![a-zåäö])")  # CamelCase, taken apart
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxz]{6,}|(.)\1\1")
VOWELS = frozenset("aeiouyåäöéèüæøáíóúàêôñ")


class Context(Enum):
    """Where a word stands: the looser the place, the less is taken for a name."""

    COMMAND = "command"
    PROSE = "prose"
    SECRETS = "prose that speaks of secrets"


def is_masked(word: str) -> bool:
    """A secret that the device itself has hidden."""
    return _ASTERISKS.fullmatch(word) is not None


def could_be_secret(word: str, context: Context = Context.COMMAND) -> bool:
    """Whether a word is of no shape that configurations are made of."""
    bare = word.strip(_EDGES)
    if _HEX_PAIRS.fullmatch(bare):
        return True
    if not bare or is_masked(word) or _SHAPE.fullmatch(bare) or _SHAPE.fullmatch(word):
        return False
    if "\ufffd" in bare or not bare.isprintable():
        return True
    if _TYPE7.fullmatch(bare) or len(_ESCAPES.findall(bare)) > 1:
        return True
    if _is_encoded_text(bare):
        return True
    if _mixes_marks(word.strip("()[]{}<>\"'`,;:.")):
        return True
    is_file = _FILE.fullmatch(bare) is not None
    return any(_is_wild(run, context, is_file) for run in _RUN.findall(bare))


def _is_encoded_text(bare: str) -> bool:
    """Base64 of something printable: by chance one word in some thousands would be."""
    if not _BASE64.fullmatch(bare):
        return False
    standard = bare.replace("-", "+").replace("_", "/")
    try:
        plain = base64.b64decode(standard + "=" * (-len(standard) % 4))
    except binascii.Error:
        return False
    return plain.isascii() and plain.decode("ascii").isprintable()


def _mixes_marks(word: str) -> bool:
    """Letters, digits and the marks that passwords are made to contain, in one word."""
    marks = sum(word.count(mark) for mark in "!@#$%^&*?~+")
    if not marks or word.startswith(("$(", "http", "^", "_")):
        return False
    has_digit = any(letter.isdigit() for letter in word)
    has_letter = any(letter.isalpha() for letter in word)
    if "@" in word and marks == 1 and "." in word.partition("@")[2]:
        return False  # an address of mail or SIP
    if word.count("#") + word.count("+") == marks and not word.endswith("#"):
        return marks > 1 and has_digit and has_letter and _classes(word) > 2
    return has_digit and has_letter and len(word) >= 6


def _classes(word: str) -> int:
    return sum((any(map(str.islower, word)), any(map(str.isupper, word)), any(map(str.isdigit, word))))


def _is_wild(run: str, context: Context, is_file: bool) -> bool:
    """Whether one run of letters and digits is too irregular for a name."""
    length = len(run)
    is_free_text = context is not Context.COMMAND
    if run.isdigit():
        return length > 15
    if run.isalpha():
        return _is_wild_letters(run, is_free_text)
    if length > _FILE_RUN_LIMIT:
        return True
    if is_file:
        return length > 24 and _switches(run) > 6
    switches = _switches(run)
    if context is Context.SECRETS and length >= 6 and not _has_stem(run):
        return True
    if set(run.lower()) <= set("0123456789abcdef") and length >= 12:
        return True
    if _classes(run) == 3:
        if length > 5 and switches > 1:
            return True
        return length > 9 and (_case_changes(run) > 2 or (is_free_text and switches == 1 and not _has_stem(run)))
    if switches > 2:
        return length > 6
    if switches == 2:
        return length > 8
    return is_free_text and length > 7 and not _has_stem(run) and len(run.rstrip("0123456789")) < length - 2


def _is_wild_letters(run: str, is_free_text: bool) -> bool:
    length, humps = len(run), _HUMP.findall(run)
    short = sum(len(hump) < 3 for hump in humps)
    if length > 28 or (length >= 8 and short >= 3 and 2 * short >= len(humps)):
        return True
    if is_free_text and length >= 10 and len(humps) >= 3 and length < 4 * len(humps):
        return True
    lowered = run.lower()
    if length >= 10 and sum(letter in VOWELS for letter in lowered) < 0.12 * length:
        return True
    odd_pairs = sum(one + two in _NO_PAIRS for one, two in pairwise(lowered))
    if is_free_text and length >= 9 and not run.isupper() and (odd_pairs > 1 or _CLUSTER.search(lowered)):
        return True
    return length >= 8 and odd_pairs >= 3


def _switches(run: str) -> int:
    return sum(one.isdigit() != two.isdigit() for one, two in pairwise(run))


def _case_changes(run: str) -> int:
    return sum(one.isupper() != two.isupper() for one, two in pairwise(run) if one.isalpha() and two.isalpha())


def _has_stem(run: str) -> bool:
    """A known stem and a short number, as in `vlan2024`, `sw01`."""
    letters = run.rstrip("0123456789")
    return len(run) - len(letters) <= 5 and _STEMS.fullmatch(letters) is not None
