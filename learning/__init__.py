"""From a topic's examples to the weights of words; for those who work on topics, not part of the program."""
