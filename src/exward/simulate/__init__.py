"""Evidence of made-up intrusions inside a day of ordinary traffic, in the documented layouts."""
