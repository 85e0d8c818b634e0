"""Who people are: people, organizations, memberships, teams, access."""
