"""Log-ins, SNMP, AAA and files: secrets of the device's own management, on every system."""

from natvakt_wire.scrubbing.grammar.patterns import table

_AUTH = "md5|sha|sha-2|sha1|sha-1|sha-224|sha-256|sha-384|sha-512|sha224|sha256|sha384|sha512|hmac-md5|hmac-sha ?224|256|384|512"
_PRIV = "?des|des56|3des|168|aes|aes-128|aes-192|aes-256|aes128|aes192|aes256|aes-cfb"

PATTERNS = (
    *table(
        "snmp-community",
        """
        snmp-server community {type} {secret}
        snmp-server host ... community {type} {secret} {tail}
        snmp-server host ... version 1|2|2c {type} {secret}
        snmp-server host * vrf * ?informs|traps|trap {type} {secret}
        snmp-server host * informs|traps|trap {type} {secret}
        snmp-server host * {type} {secret}
        ^host ... version 1|2|2c {type} {secret} @ snmp
        ^host * traps|informs {type} {secret} @ snmp
        snmp|snmp-server mib community-map {secret}
        snmp-server community-map {type} {secret}
        snmp-server mib community-map {secret}
        snmp community create encrypt {rest}
        snmp community create|delete {secret}
        snmp community accessmode|mode * {secret}
        snmp community ipaddr * * {secret}
        snmp trapreceiver create {secret} *
        snmp trapreceiver mode|ipaddr|delete * {secret}
        snmp community {type} {secret}
        """,
    ),
    *table("rmon-community", "rmon event # ... trap {secret}"),
    *table(
        "snmp-auth",
        f"""
        snmp-server user ... auth {_AUTH} {{type}} {{secret}} priv {_PRIV} ?128|192|256 {{type}} {{secret:snmp-priv}}
        snmp-server user ... auth {_AUTH} {{type}} {{secret}}
        snmp-server user ... priv {_PRIV} ?128|192|256 {{type}} {{secret:snmp-priv}}
        snmp v3user create * * * * encrypt {{rest}}
        snmp v3user create * * * none {{secret}}
        snmp v3user create * * * * {{secret}} {{secret:snmp-priv}}
        """,
    ),
    *table(
        "enable-secret",
        """
        enable secret level # {type} {words}
        enable secret {type} {words}
        enable algorithm-type * secret {type} {words}
        """,
    ),
    *table(
        "enable-password",
        """
        enable password level # {type} {words}
        enable password {secret} ?level ?# encrypted|pbkdf2
        enable password {type} {words}
        ^passwd {secret} encrypted|pbkdf2
        ^passwd {words}
        """,
    ),
    *table(
        "bind-password",
        """
        ldap-login-password {type} {words}
        bind ... password {type} {words}
        ldap-server ... password {type} {secret}
        ldap simple-bind ... password {secret}
        ldap ... password {type} {words}
        """,
    ),
    *table(
        "user-secret",
        """
        mgmtuser username * password {type} {secret:user-password} secret {type} {secret}
        ap mgmtuser add username * password {type} {secret:user-password} secret {type} {secret}
        username * ... secret {type} {words}
        ^secret {type} {words}
        """,
    ),
    *table(
        "user-password",
        """
        dot1x|dot1xuser ?add username * password {type} {secret:dot1x-password}
        username * ... password|passwd {type} {words}
        mgmtuser|netuser add encrypt * {rest}
        mgmtuser|netuser add username * password {secret}
        mgmtuser|netuser password * {secret}
        mgmtuser|netuser add * {secret}
        ^password {type} {words} @ username|user |common-criteria
        """,
    ),
    *table("line-password", "^password {secret} encrypted @ line\n^password {type} {words} @ ^(?:line|template)"),
    *table(
        "tacacs-key",
        """
        tacacs-server ... key {type} {words}
        server-private ... key {type} {words} @ tacacs
        ^key {type} {words} @ tacacs
        tacacs auth|acct|athr|authz add encrypt {rest}
        tacacs auth|acct|athr|authz add # * # {type} {secret}
        tacacs key {type} {words}
        """,
    ),
    *table(
        "radius-key",
        """
        radius-server ... test username * password {type} {secret:user-password} {tail}
        radius-server ... key {type} {words}
        radius-server ... pac key {type} {words}
        ^key {type} {words} @ radius
        server-private ... key {type} {words}
        server-key {type} {words}
        pac key {type} {words}
        radius auth|acct|fallback-test add encrypt # * # password # {secret} {secret} # {secret}
        radius auth|acct|fallback-test add encrypt # * # password {rest}
        radius auth|acct add # * # {type} {secret}
        radius auth keywrap add ascii|hex {secret} {secret}
        radius server add * * # {secret}
        radius-common-pw {type} {words}
        radius server ... secret|key {type} {words}
        key-wrap encryption-key {type} {secret} message-auth-code-key|message-authenticator-code-key {type} {secret}
        """,
    ),
    *table(
        "aaa-key",
        """
        aaa-server * * host * {secret} timeout
        aaa-server * (inside)|(outside)|(dmz)|(mgmt)|(management) host * {secret} $
        ^key {type} {words} @ aaa|server-private|^client|\\nclient
        policy-server-secret {type} {words}
        """,
    ),
    *table("user-password", "user * nthash {type} {secret}"),
    *table("kerberos-key", "kerberos srvtab entry ... {secret}\nkerberos ... key {type} {words}"),
    *table("master-key", "key config-key * {rest}\nmaster-passphrase|master-key {type} {words}"),
    *table(
        "file-password",
        """
        ip ftp|tftp|scp|rcmd password {type} {words}
        ftp|tftp|scp|sftp client ... password {type} {words}
        ftp-password|tftp-password {type} {words}
        transfer download|upload password {secret}
        """,
    ),
    *table(
        "http-password",
        "ip http client password {type} {words}\nxml user * password {type} {secret}\nip http client proxy-server * proxy-password {words}",
    ),
    *table("ssh-password", "ip ssh-client ... password {type} {secret}\nssh-client password {type} {secret}"),
    *table("license-token", "idtoken {secret}\nlicense key|install-key {rest}\n^license {type} {secret} @ scansafe|content-scan"),
    *table("activation-key", "activation-key {rest}"),
    *table("checksum", "cryptochecksum {rest}"),
    *table(
        "public-key",
        "key-hash * {secret} {tail}\nssh authentication publickey {secret} {tail}\nsshkey {rest}\nauthentication publickey {secret} {tail}",
    ),
    *table("fingerprint", "fingerprint {type} {rest}\nthumbprint {rest}"),
    *table("backup-password", "backup ... password {type} {words}\narchive ... password {type} {words}"),
)
