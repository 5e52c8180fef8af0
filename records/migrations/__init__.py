"""The schema's history: one file a revision, run by ``records.migrating`` on both databases."""
