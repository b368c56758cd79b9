"""What a patient's turn runs: one action a file, each thin: read, one knowledge call, utter."""
