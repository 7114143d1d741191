"""What a class's marks look like elsewhere. Pure: rows in, text out."""
