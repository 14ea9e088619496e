"""The organization itself: legal entities, users, teams as a tree, tokens; and the statement that says who asks."""
