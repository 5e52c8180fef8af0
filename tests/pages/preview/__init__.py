"""Every page template with sample values: rendered for tests, and as pictures for people.

``python -m tests.pages.preview OUT [page ...]`` writes HTML and, where Chromium is at hand,
pictures at 1440, 1024 and 390 pixels. Nothing here needs a database or a server.
"""
