"""The readers of a moderngov site, one module for each kind of page.

A reader is `read_x(body, url, content_type) -> record | Suspect | Refused`. It never raises, whatever the bytes, and
never guesses: a page that is not shaped as its module says is suspect.
"""

# Kept with every version: where another number read a text, words that agree are no change.
PARSER = "1"
