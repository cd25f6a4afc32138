"""A digest of our own, with the awkward things that real ones hold."""

TEN_ITEMS = (
    "\ufeffHarbour to close for repairs\n\n"
    "The harbour master said “the north pier is not safe” on Monday.\n\n"
    "Ships will berth at the south pier until May.\n\n"
    "Keep reading\n\n"
    # CRLF, NBSP and narrow spaces.
    "Council\u00a0votes on\u202fbus fares\r\n\r\nFares rise by 5\u2009% in April.\r\n\r\n  KEEP\u00a0READING \r\n\r\n"
    # Lone CR, as from an old Mac.
    "Mill reopens\rThe mill took on forty people.\rKeep reading\r"
    # Several separators, and blank lines that are not empty.
    "\n \t\nkeep reading\nKeep  reading\n\u00a0\n"
    "Observatory counts meteors\n\nIt counted 120 in an hour.\n\nKeep reading\n"
    # Letters with their accents apart: n + tilde.
    "El nin\u0303o returns, says ‘Almanac’\n\nA mild winter is likely.\nKeep reading\n"
    # The same headline twice.
    "Weather\n\nRain in the north.\nKeep reading\nWeather\n\nSun in the south.\nKeep reading\n"
    # "Keep reading" within a line separates nothing.
    "Library asks all to keep reading\nKeep reading, says the library, whatever happens.\nKeep reading\n"
    # From right to left, and beyond the basic plane.
    "خبر عاجل 🚢\nوصلت السفينة.\nKeep reading\n"
    "Ferry adds a\u00ad stop\u200b\n\nIt calls at the\u2028island.\n\nKeep reading\n\n"
).encode()
