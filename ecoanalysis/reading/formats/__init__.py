"""Readers of file formats other than plain text: each turns bytes into a `Document`. None opens a file or a connection."""
