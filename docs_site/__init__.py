"""The site of the documents: pages, reference and pictures are gathered here, and built by MkDocs (`tox -e docs`)."""
