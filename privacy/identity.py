"""National id numbers, by the check digits that python-stdnum knows for each country.

A number of digits alone could be anything, so those need a word beside it that says what it is.
"""

import re
from collections.abc import Callable, Iterator

from stdnum.at import vnr
from stdnum.be import nn
from stdnum.bg import egn
from stdnum.ch import ssn as swiss
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.hr import oib
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.us import ssn

from privacy.model import Find

# Their shape alone is telling: letters at fixed places.
_NINO = re.compile(r"(?<!\w)[A-Z]{2}(?: ?\d\d){3} ?[A-D](?!\w)", re.IGNORECASE)
_TELLING: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"(?<!\w)\d{7} ?[A-W][A-IW]?(?!\w)", re.IGNORECASE), pps.is_valid),
    (_NINO, lambda _: True),
    (re.compile(r"(?<!\w)\d{8}-?[A-Z](?!\w)", re.IGNORECASE), dni.is_valid),
    (re.compile(r"(?<!\w)[XYZ]-?\d{7}-?[A-Z](?!\w)", re.IGNORECASE), nie.is_valid),
    (re.compile(r"(?<!\w)[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z](?!\w)", re.IGNORECASE), codicefiscale.is_valid),
    (re.compile(r"(?<!\w)\d{6}[+A-Y-]\d{3}[0-9A-Y](?!\w)", re.IGNORECASE), hetu.is_valid),
    (re.compile(r"(?<![\w.])756\.\d{4}\.\d{4}\.\d\d(?!\w)"), swiss.is_valid),
    (re.compile(r"(?<![\w-])\d{3}-\d\d-\d{4}(?![\w-])"), ssn.is_valid),
)
_SAID = re.compile(
    r"\b(?:pps(?:n| no\.?| number)?|personal (?:public )?(?:service|id(?:entity)?|identification) (?:number|no\.?|code)"
    r"|national (?:id(?:entity)?|insurance)|social (?:security|insurance)|ssn|nhs|bsn|pesel|nir|numéro de sécu\w*"
    r"|steuer-?id\w*|id[- ]?nr|tax (?:id|number)|personnummer|f[øo]dselsnummer|cpr|rijksregister\w*|oib|cnp|egn"
    r"|(?:birth|identity|id)[ -](?:card )?(?:number|no\.?|code)|rodné číslo|vnr|versicherungsnummer)\b"
    r"(?: (?:is|was|number|no\.?|card))*\W{0,3}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d(?:[ ./-]?\d){8,14}(?!\w)")
_DIGITS_ONLY: tuple[Callable[[str], bool], ...] = (
    nhs.is_valid, bsn.is_valid, pesel.is_valid, nir.is_valid, idnr.is_valid, personnummer.is_valid, cpr.is_valid,
    fodselsnummer.is_valid, nn.is_valid, oib.is_valid, cnp.is_valid, egn.is_valid, rc.is_valid, vnr.is_valid,
    ssn.is_valid,
)  # fmt: skip
_DOCUMENT = re.compile(
    r"\b(?:passport|driv(?:ing|er'?s?) licen[cs]e|id(?:entity)? card)(?: (?:number|no\.?|is|nr\.?))*\W{0,3}"
    r"(?P<number>(?=\w*\d\w*\d\w*\d)[A-Z0-9]{6,16})\b",
    re.IGNORECASE,
)


def national_ids(text: str) -> Iterator[Find]:
    """National id, passport and driving licence numbers."""
    for pattern, is_valid in _TELLING:
        for match in pattern.finditer(text):
            if is_valid(match[0]):
                yield Find("national id number", match.start(), match.end(), match[0])
    for said in _SAID.finditer(text):
        found = _DIGITS.match(text, said.end())
        if found and any(is_valid(found[0]) for is_valid in _DIGITS_ONLY):
            yield Find("national id number", found.start(), found.end(), found[0])
    for match in _DOCUMENT.finditer(text):
        yield Find("national id number", match.start("number"), match.end("number"), match["number"])
