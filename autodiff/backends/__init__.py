"""Array namespaces that the operation table runs on."""
