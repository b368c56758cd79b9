"""The vendors' ends on this machine: what they accept and refuse, and what they send us."""
