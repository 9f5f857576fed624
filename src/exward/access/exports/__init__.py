"""One module for each kind of object that cmdlets give, whatever form it was exported in."""
