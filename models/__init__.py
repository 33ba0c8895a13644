"""The mathematics of the planner, one subject a file. `BLOCKS` is the table of contents of the linear program."""

from models import carbon, demand, fleet, halls, nations, network, orbit, power, share, storage, windows

BLOCKS = (fleet, orbit, demand, power, storage, windows, halls, nations, network, carbon, share)
