"""The roof: the Flask house with its pages, command line, worker and configuration.

Comes in: requests and commands. Goes out: pages, files and exit codes. Everything it does, it does
by calling one operation of a room below.
"""

VERSION = "0.1.0"
