"""Who pays, and is it fair: a gap divided under named policies, repayment of support, equity."""
