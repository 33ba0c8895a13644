"""Questions that solve plans or measure them: explanations, infeasibility, sweeps, frontiers, thresholds of orbit."""
