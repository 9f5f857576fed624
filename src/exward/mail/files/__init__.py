"""Attachments: what they truly are, what is inside of them, what they do when they are opened."""
