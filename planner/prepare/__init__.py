"""From a loaded plan to ``PlanData``, the record that the model is built from."""
