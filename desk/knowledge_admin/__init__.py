"""What knowledge editors do: entries, drafts, gaps, trials."""
