"""One module for each verb, named like it, that offers `command: click.Command`."""
