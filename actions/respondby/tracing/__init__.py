"""Is every promise of a written document kept, and which story shows it?"""
