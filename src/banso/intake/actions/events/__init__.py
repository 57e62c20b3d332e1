"""Product events on their way in: taken durably, then moved on."""
