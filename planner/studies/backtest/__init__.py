"""Backtest a plan: roll it through its months, deciding with its forecast and living in another truth."""
