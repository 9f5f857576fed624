"""A small linear model of text and structure: what it looks at, how it judges, how it learns."""
