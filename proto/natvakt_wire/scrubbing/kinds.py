"""The kinds of secret a configuration holds: the word in a mark and in the list of what was removed."""

KINDS = frozenset(
    {
        "aaa-key", "activation-key", "backup-password", "bgp-password", "bind-password", "certificate", "chap-password",
        "checksum", "cluster-key", "cts-password", "dot1x-password", "eigrp-key", "enable-password", "enable-secret",
        "encoded-text", "failover-key", "file-password", "fingerprint", "free-text", "glbp-key", "hsrp-key", "http-password",
        "ike-key", "ipsec-key", "isis-password", "kerberos-key", "key-string", "ldp-password", "license-token", "line-password",
        "macsec-key", "master-key", "mobility-key", "msdp-password", "nhrp-key", "ntp-key", "ospf-key", "pap-password", "pin",
        "pki-password", "ppp-password", "pre-shared-key", "private-key", "proxy-password", "public-key", "radius-key", "rip-key",
        "rmon-community", "sip-password", "site-secret", "snmp-auth", "snmp-community", "snmp-priv", "ssh-password", "tacacs-key",
        "tunnel-key", "unknown-token", "url-password", "user-password", "user-secret", "vault-value", "vpn-group-password",
        "vrrp-key", "vtp-password", "wccp-password", "wep-key", "wpa-psk",
    }
)  # fmt: skip
