"""What the words of reports say: words, attention, keyness, text reuse."""
