"""What policies of IAM and S3 allow: their documents as typed data, and judgements about them."""
