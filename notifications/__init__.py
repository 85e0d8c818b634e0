"""How somebody is told: notices, delivery, channels."""
