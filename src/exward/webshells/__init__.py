"""What a web-served file lets a stranger do, judged by its code."""
