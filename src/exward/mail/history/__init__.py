"""Who wrote to us before."""
