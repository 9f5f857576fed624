"""Who a message is really from: SPF, DKIM, DMARC, ARC."""
