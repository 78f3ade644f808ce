"""The `qa` command. Modules here import little; a command imports what it needs when it runs."""
