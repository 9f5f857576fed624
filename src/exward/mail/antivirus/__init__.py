"""An antivirus program's word on a message."""
