"""Personal data in texts: found, masked, given back to its owner. Stands below every room that keeps or sends text."""
