"""What networks are made of: softmax and its losses, normalisation, attention, embeddings."""
