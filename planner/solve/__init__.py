"""From a Pyomo model to a proven optimum: standard form, HiGHS, values and prices read back."""
