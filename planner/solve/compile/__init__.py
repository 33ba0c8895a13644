"""From a Pyomo model to the arrays that HiGHS takes."""
