"""Floor 0: money, calendar, lines, measures, amounts, parameters, trace and result."""
