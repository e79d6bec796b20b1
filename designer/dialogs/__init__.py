"""Windows and pages that come up for one purpose and go again."""
