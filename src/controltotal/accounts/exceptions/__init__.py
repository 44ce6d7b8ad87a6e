"""What an auditor asks for: everything in a book that departs from good order, and nil where nil.

A kind of exception that a book cannot tell of is said to be so, and is never nil: a folder of files
keeps no daybook, so nobody knows from it who wrote a row or when.
"""
