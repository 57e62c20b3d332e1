"""Pages of usage: releases and their features."""
