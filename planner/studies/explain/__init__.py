"""Why a finished plan is as it is: limits and their prices, places not used, where each number comes from, estimates."""
