"""The fictional system, piece by piece: bodies, money, facts, schemes, governance, README.

Everything here is invented. Only the orders of magnitude follow published ones (a system of
about 1.8 million people with about £3.6 billion a year and savings of about 7% of it).
"""
