"""Bytes of a message → every reading of it that some mail program or scanner may have."""
