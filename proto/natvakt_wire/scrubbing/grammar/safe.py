"""Lines that speak of secrets and hold none: names of key chains, numbers of keys, policies about passwords."""

from natvakt_wire.scrubbing.grammar.patterns import SAFE, table

PATTERNS = table(
    SAFE,
    """
    snmp-server host ... version 3 auth|noauth|priv * {tail}
    snmp-server host * use-vrf|filter-vrf|source-interface * {tail}
    snmp-server host * * version 3 * {tail}
    ^host ... version 3 auth|noauth|priv * {tail}
    snmp-server community-group|community-index {tail}
    ^key # $ @ key[ -]?chain|keychain
    ^key * $ @ ^key chain [^\\n]*$|^keychain [^\\n]*$
    key chain|generate|zeroize|mypubkey|encrypt|decrypt|storage|lock|unlock|move|pubkey-chain {tail}
    key type|length|cache|renewal|rotation|algorithm {tail}
    ntp|sntp server|peer ... key # {tail}
    ntp|sntp trusted-key|authenticate {tail}
    authentication md5 key-chain * {tail}
    authentication|password|key|lsp-password|hello-password key-chain|keychain|key-source * {tail}
    md5|hmac-md5|hmac-sha1|text key-chain|keychain * {tail}
    pre-shared-key key-chain|keychain * {tail}
    pre-shared-key sha256|psk-id {tail}
    mpls ldp password required {tail}
    mpls ldp password option # for * key-chain * {tail}
    password encryption|encrypt aes {tail}
    password strength-check|secure-mode|prompt-only|none|default|optional|disable {tail}
    password option # for * key-chain * {tail}
    password policy|policies|history|aging|complexity|min-length|expiry|lifetime|change|recovery|prompt|storage|management {tail}
    passwords complexity|aging|min-length|strength {tail}
    passphrase lifetime|warntime|gracetime|encryption {tail}
    peer ... password none|default {tail}
    username * nopassword|passphrase {tail}
    username * attributes {tail}
    secret sanitize|obfuscation {tail}
    authentication key-management {tail}
    standby|vrrp|glbp ... authentication md5 key-chain * {tail}
    ssh|ip key rsa|dsa|ecdsa|ed25519 {tail}
    """,
)
