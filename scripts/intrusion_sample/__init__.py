"""The parts of the bundled sample intrusion: record builders, background traffic, the attack."""
