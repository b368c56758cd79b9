"""What is known of patients: kept out of logs, shown and deleted on request, expired in time."""
