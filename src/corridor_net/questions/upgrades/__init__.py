"""Questions about what could be: scenarios, budgets, trade that would come, whole studies."""
