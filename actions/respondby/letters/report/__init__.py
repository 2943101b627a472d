"""A report in words: one `Paper` of sections, tables and charts, and each way in which it is shown."""
