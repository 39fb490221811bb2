"""What keeps the site safe besides rights: headers, policies, limits, errors, the audit, settings, packages."""
