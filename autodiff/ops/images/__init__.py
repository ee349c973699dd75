"""Windows over signals, images and volumes."""
