"""Real edit times replayed against revisit policies: what a budget of fetches would have caught."""
