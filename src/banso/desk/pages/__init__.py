"""The staff pages that cut across areas."""
