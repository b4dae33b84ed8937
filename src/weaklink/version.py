"""Which version of the code gave an answer?"""

VERSION = "0.1.0"
