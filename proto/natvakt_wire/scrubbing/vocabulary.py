"""Words of the command language and of everyday prose.

After a word such as `password` only these are taken for what they say; and a secret that is one of them is not hunted for elsewhere in a
text, since it would tear ordinary lines apart.
"""

_COMMANDS = """
    aaa access access-class access-group access-list account accounting accept action activate active add address admin administrator
    aes after age aggregate alarm algorithm algorithm-type alias all allow allowed always any apply archive area arp as ascii assign
    associate async attempts attribute attributes authenticate authenticated authentication authorization auth auto automatic backup
    bandwidth banner based basic bgp bit bits boot both bridge broadcast buffer buffered bundle cache call ca certificate chain change
    changed channel chap check class clear client clients clock cluster command commands common complexity config configuration
    configure configured confirm connect connection console context control copy core cost counter crypto custom data database date
    debug default define delay delete deny des destination detect device devices dh dhcp dialer digest direct directory disable disabled
    discovery display distribute dns domain down drop dsa dynamic ecdsa edge eigrp enable enabled encapsulation encrypt encrypted
    encryption end enrollment entry environment errdisable error esp event exact exec exit expire expired expiry export extended
    external facility fail failed failure false family fast file filter firewall flash flow for force format forward frame from ftp full
    gateway general generate global group groups guest half hash hello hex hidden history hold host hostname hosts hsrp http https icmp
    id identity idle ietf ike ikev1 ikev2 import in inactive include information inform informs ingress inherit input inside install
    interface interfaces internal interval ip ipsec ipv4 ipv6 isakmp isis keepalive keepalives key keys keychain key-chain label lan
    last layer ldap ldp length level license lifetime limit line link list load local localizedkey location lock log logging login
    logout loopback mac management manager map mask master match max maximum maximum-length max-length md5 member message method metric
    min minimum min-length minimum-length missing mode model modulus monitor mount mpls mtu multicast name named nat native neighbor
    network new next no none noauth normal not notify ntp null object off offset old on only open optional option options order ospf out
    output outside overload packet pac pap parameters pass passive path peer permit persistent pim ping pki point policies policy pool
    port ports ppp pre-share preempt preferred prefix primary priority priv privacy private privilege profile prompt protect protected
    protection protocol proxy qos query queue radius random range rate read read-only read-write recovery redirect redistribute refresh
    reject rekey reload remote remove replace request require required requirement requirements reset resource response restore restrict
    retransmit retries retry reuse reverse revocation rip role roles root rotation round route router routing rsa rule running save scp
    script secondary secure security send sequence serial server servers service session set sha sha1 sha-1 sha256 sha-256 sha384 sha512
    shared shutdown signature single sip site size slot snmp snmp-server source spanning-tree speed ssh stack standard standby start
    state static statistics status storage store strength strength-check strong subject subnet summary suspend switch switchport sync
    syslog system table tacacs tag target tcp telnet template terminal test text tftp threshold time timeout timer timers tls to traffic
    transform transport trap traps trigger true trunk trust trusted trustpoint tunnel type udp unicast unknown unlimited unlock up
    update upgrade use user username users v1 v2c v3 validate value verify version via view virtual vlan vpn vrf vrrp vty wait warning
    web weight wireless with without wpa write zone radius-server tacacs-server local-case line-mode group-key zeroize mypubkey
    pubkey-chain config-key asymmetric symmetric usage-keys general-keys exportable noconfirm strict weak reversible 3des hmac-sha1
    cryptochecksum checksum md5sum fingerprint ro rw both-ways authpriv authnopriv noauthnopriv aging minlength warn warn-time lockout
    unencrypted plaintext cleartext obfuscation obfuscate sanitize
"""
_PROSE = """
    a about above access according account act activity actual administrative advised agree also am an and another anyone anything are
    as asked at authorised authorized be because been before being below between but button by can cannot card care case central change
    changes changing city civil code company computer connected consent contact contacts contract could criminal customer customers day
    days department desk disclosure do does done each either email emergency employee employees equipment ever every evidence express
    extent first floor following form found from fullest further get give given go good government guide hardware has have having he
    help here him his holder how however if illegal immediately important inc including individual individuals information into is issue
    it its itself keep kept know knowledge known law laws leave legal let like lines list logged long lost made main maintenance make
    managed management many may maybe me members message mode monitored more most must my need needed needs never new news night notice
    now number of office official old once one only operator or other others our over owner owned page parties party per permission
    person personal personnel phone phrase please policy possible possession problem proceed prohibited project property prosecuted
    prosecution protected provided public purpose purposes read reason record recorded related report reserved resources result rights
    room said same see seek shall she should show side since so some someone stock stop strictly strings string subject such support
    sure technical than that the their them then there these they thing this those though through thus ticket time today tomorrow too
    two unauthorised unauthorized under unless until upon us use used user users uses using usually valid very violation violations
    violators want warning was way we week were what when where which while who whole whom why will within word words work would written
    year yes yesterday yet you your yours manager building rack north south west east uplink downlink link cabinet left right top bottom
    front back spare testing och att det som en ett av för med till på är inte den har de om vid kan ska skall eller från ny nya gammal
    byt byta byts bytas finns hos kontakta ring se efter innan alla annan andra bara denna detta där här enligt endast ej får ingen
    inget när någon måste samma sedan utan ut var vara vi vår åt över plan hus sal rum växel router brandvägg nät nätet kontor kontoret
    lager skola skolan kund kunden drift driften behörig obehörig obehöriga lösenord lösenordet nyckel nyckeln krävs saknas gäller
    ligger valv valvet känt hemligt january february march april june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday cisco ios asa nexus catalyst juniper microsoft windows linux vmware internet intranet
    extranet ethernet fiber fibre copper wifi inside outside dmz lan wan mgmt mgt oob nms noc cdp lldp stp vtp pvst rstp mst hsrp bfd
    ecmp nhrp dmvpn getvpn flexvpn anyconnect webvpn vault keepass safe cyberark ise acs tacacs+ radius+ freeradius rancid oxidized
    solarwinds prtg zabbix nagios
"""
WORDS = frozenset((_COMMANDS + _PROSE).split())


def is_ordinary(word: str) -> bool:
    """Whether a word is one of these, whatever its case and the punctuation around it."""
    bare = word.strip("()[]{}\"'`,;:.!?").lower()
    return bare in WORDS or not bare
