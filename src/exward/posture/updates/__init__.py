"""One module for each form in which newer facts come."""
