"""Versions as CPE 2.3 names spell them (NVD): escaped, in lower case, patches and service updates in a field of their own.

cpe:2.3:o:cisco:ios:15.2\\(7\\)e0b:*            15.2(7)E0b
cpe:2.3:o:cisco:ios_xe:3.16.6bs:*              3.16.6bS
cpe:2.3:o:cisco:nx-os:7.0\\(3\\)i7\\(9\\):*        7.0(3)I7(9)
cpe:2.3:a:cisco:identity_services_engine:3.1:patch3     3.1 Patch 3
"""

import re

_IOS = re.compile(r"(?P<head>\d{1,2}\.\d{1,2}(?:\([^)]*\))?)(?P<letters>[a-z]+)(?P<rest>\d.*)?", re.ASCII)
_THREE = re.compile(r"(?P<head>3\.\d{1,2}\.\d{1,3})(?P<letters>[a-z]{1,4})", re.ASCII)
_THREE_TRAINS = ("sg", "se", "sp", "sq", "sn", "xo", "ex", "ez", "e", "s")
_NX_OS_LETTERS = re.compile(r"(?<=\))[a-z]+(?=\d{0,2}(?:\(|$))", re.ASCII)
_UNSET = frozenset(("", "*", "-"))


def spelt(os: str, version: str, update: str = "") -> str:
    """The advisories' spelling of a CPE's version and update fields."""
    bare = version.replace("\\", "")
    extra = "" if update in _UNSET else update.replace("\\", "")
    if os == "ise" and extra:
        return f"{bare} patch {re.sub('[^0-9]', '', extra)}" if re.sub("[^0-9]", "", extra) else bare
    if os == "cucm" and extra.startswith("su"):
        return f"{bare}{extra.upper()}"
    if os == "ios":
        found = _IOS.fullmatch(bare)
        return found["head"] + found["letters"].upper() + (found["rest"] or "") if found else bare
    if os == "ios-xe":
        return _three(bare)
    return _NX_OS_LETTERS.sub(lambda letters: letters[0].upper(), bare) if os == "nx-os" else bare


def _three(bare: str) -> str:
    """3.16.6bs has the rebuild letter b of train S; 3.3.0se is of train SE."""
    found = _THREE.fullmatch(bare)
    if found is None:
        return bare
    letters = found["letters"]
    train = next((each for each in _THREE_TRAINS if letters.endswith(each)), letters)
    return found["head"] + letters.removesuffix(train) + train.upper()
