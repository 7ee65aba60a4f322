"""Pure decisions about who rides along."""
