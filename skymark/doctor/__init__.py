"""What stands in the way of a lesson before it begins: findings about computer, credentials, account and quotas."""
