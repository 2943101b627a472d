"""What commands print: for a terminal of 80 columns, for a step summary, for a calendar that people subscribe to."""
