"""Routing, redundancy, VPN, access to the network: secrets that devices share with each other."""

from natvakt_wire.scrubbing.grammar.patterns import table

PATTERNS = (
    *table(
        "hsrp-key",
        """
        standby ... authentication md5 key-string {type} {secret} {tail}
        standby ... authentication text {secret}
        standby ... authentication {secret}
        ^authentication md5 key-string {type} {secret} {tail} @ hsrp
        ^authentication text {words} @ hsrp
        ^authentication {words} @ \\bhsrp \\d+[^\\n]*$|^router hsrp
        """,
    ),
    *table(
        "vrrp-key",
        """
        vrrp ... authentication md5 key-string {type} {secret} {tail}
        vrrp ... authentication text {secret}
        vrrp ... authentication {secret}
        ^authentication text {words} @ vrrp
        text-authentication {type} {words}
        """,
    ),
    *table(
        "glbp-key",
        """
        glbp ... authentication md5 key-string {type} {secret} {tail}
        glbp ... authentication text {secret}
        """,
    ),
    *table(
        "ntp-key",
        """
        ntp|sntp authentication-key # * {type} {secret} {type-after}
        ^authentication-key # md5|sha|sha1|sha2|cmac|aes-128-cmac {type} {secret}
        key-auth add # * ascii|hex {secret}
        """,
    ),
    *table(
        "ospf-key",
        """
        message-digest-key # md5|sha|sha-256 {type} {secret}
        encryption ipsec spi # esp null md5|sha1 {type} {secret}
        encryption ipsec spi # esp * ?128|192|256 {type} {secret} ?authentication md5|sha1 {type} {secret}
        authentication ipsec spi # md5|sha1 {type} {secret}
        ospf|ospfv3 ... authentication-key {type} {secret}
        virtual-link ... authentication-key {type} {secret}
        sham-link ... authentication-key {type} {secret}
        ^authentication-key {type} {secret}
        authentication-key {type} {secret}
        """,
    ),
    *table("eigrp-key", "authentication mode hmac-sha-256 {type} {secret}\nauthentication key eigrp # {type} {secret} {tail}"),
    *table(
        "isis-password",
        """
        isis password {type} {words}
        area-password|domain-password {type} {words}
        lsp-password|hello-password ?accept {form} {type} {words}
        isis ... authentication key {type} {secret}
        """,
    ),
    *table("rip-key", "rip authentication-key {type} {secret}\nrip ... authentication string {secret}"),
    *table(
        "ldp-password",
        """
        ldp neighbor ... password {type} {words}
        ldp password option # for * {type} {secret}
        ldp password fallback|rollover {type} {secret}
        ^password {type} {words} @ ldp
        """,
    ),
    *table("msdp-password", "msdp password ?peer * {type} {secret}\n^password {type} {words} @ msdp"),
    *table(
        "bgp-password",
        """
        neighbor ... password {type} {words}
        ^password {type} {words} @ neighbor|bgp|peer-session|peer-policy
        """,
    ),
    *table("key-string", "key-string {type} {words}\nkey-octet-string {type} {secret} {tail}\nkeychain-string {words}"),
    *table("macsec-key", "cak {type} {secret}\nsap pmk {secret} {tail}\nmka key {type} {secret}"),
    *table("nhrp-key", "nhrp authentication {type} {words}"),
    *table("tunnel-key", "tunnel key {type} {secret}\nkeyid|tunnel-key {secret} @ tunnel"),
    *table("wccp-password", "wccp ... password {type} {words}"),
    *table("vtp-password", "vtp password {type} {words}"),
    *table(
        "chap-password",
        """
        ppp chap|eap password {type} {words}
        fcsp dhchap password {type} {secret}
        l2tp tunnel password {type} {words}
        ^password {type} {words} @ l2tp
        digest secret {type} {secret}
        """,
    ),
    *table("pap-password", "ppp pap sent-username * password {type} {words}"),
    *table("ppp-password", "vpdn username * password {type} {words}\nppp ... password {type} {words}"),
    *table(
        "ike-key",
        """
        isakmp key {type} {secret}
        pre-shared-key address|hostname ... key {type} {words:pre-shared-key}
        """,
    ),
    *table(
        "pre-shared-key",
        """
        pre-shared-key local|remote {type} {words}
        pre-shared-key {type} {words}
        pre-share-key {type} {words}
        """,
    ),
    *table(
        "vpn-group-password",
        """
        group * key {type} {words}
        ^key {type} {words} @ isakmp client configuration group|ezvpn
        ^password {type} {words} @ ezvpn|vpn
        """,
    ),
    *table(
        "ipsec-key",
        """
        session-key inbound|outbound ah # {secret}
        session-key inbound|outbound esp # cipher {secret} authenticator {secret}
        session-key inbound|outbound esp # cipher|authenticator {secret}
        """,
    ),
    *table("failover-key", "failover key {type} {words}\nfailover ipsec pre-shared-key {type} {words}"),
    *table("cluster-key", "cluster key {type} {words}\n^key {type} {words} @ cluster"),
    *table(
        "pki-password",
        """
        pkcs12|pem ... password|passphrase {secret}
        rsa|ec ... pem ... 3des|des|aes {secret}
        pki|ca import|export * pkcs12 {secret} nointeractive
        pki|ca import|export * pkcs12 * {secret} $
        pki|ca import|export * pkcs12 {secret} $
        key import rsa|ec * pem ... terminal {secret}
        ^password {type} {words} @ trustpoint|crypto pki|crypto ca
        challenge-password|enrollment-password {type} {words}
        """,
    ),
    *table(
        "cts-password",
        """
        cts credentials id * password {type} {words}
        cts device-id * password {type} {words}
        cts sxp default password {type} {words}
        cts sxp ... password required {type} {secret}
        """,
    ),
    *table("dot1x-password", "^password {type} {words} @ dot1x|eap\nsupplicant ... password {type} {words}"),
    *table(
        "wpa-psk",
        """
        wpa-psk {form} {type} {words}
        set-key ascii|hex encrypt {rest}
        set-key {form} {type} {secret}
        psk-key|wpa-key|wpa-passphrase {type} {words}
        """,
    ),
    *table(
        "wep-key",
        """
        static-wep-key encryption # # ascii|hex {secret}
        static-wep-key encryption # {form} {type} {secret}
        encryption ... key # size * {type} {secret}
        wep-key|wep key ... {type} {secret}
        """,
    ),
    *table("mobility-key", "mobility group member hash * {secret}\nmobility ... key {type} {secret}\nprovisioning key {type} {secret}"),
    *table("proxy-password", "proxy|http-proxy|https-proxy ... password {type} {words}"),
    *table(
        "sip-password",
        """
        authentication credential * {secret}
        authentication username * password {type} {words}
        credentials ... username * password {type} {words}
        credentials username * password {type} {words}
        username * password {type} {words} @ ephone|voice|telephony
        web admin * name * password|secret {type} {secret}
        ^password {type} {words} @ ephone|voice|telephony|sip|srst|dial-peer
        izct password ?level ?# {secret}
        """,
    ),
    *table("pin", "^pin {secret}\npin-code|pincode|secondary-pin {secret}\nuser * pin {secret}\nuser-pin {type} {secret}"),
)
