"""The active ISO 4217 currencies and their number of decimal places. No rates live here.

Codes without a minor unit (gold, test and reserve units) are left out: nobody can be invoiced in them.
"""

from __future__ import annotations

from guantong.base.errors import Invalid

_TWO_PLACES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED
VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_PLACES = "CLF UYW"

CURRENCIES: dict[str, int] = {
    code: places
    for codes, places in ((_TWO_PLACES, 2), (_NO_PLACES, 0), (_THREE_PLACES, 3), (_FOUR_PLACES, 4))
    for code in codes.split()
}
"""Code of each active currency → its decimal places (ISO 4217 list one)."""


def known(currency: object) -> bool:
    """Tell whether this is the code of an active currency, in capitals."""
    return isinstance(currency, str) and currency in CURRENCIES


def exponent(currency: str) -> int:
    """Give the decimal places of a currency: CNY 2, JPY 0, KWD 3, CLF 4.

    Raises `Invalid("currency_unknown", field="currency")`.
    """
    if not known(currency):
        raise Invalid("currency_unknown", field="currency", value=str(currency)[:20])
    return CURRENCIES[currency]
