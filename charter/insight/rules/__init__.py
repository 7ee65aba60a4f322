"""Pure decisions about figures: corrections between issues, counts that are safe to publish."""
