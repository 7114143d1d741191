"""A result in the shapes that people and other programs take: terminal, HTML, JSON and others."""
