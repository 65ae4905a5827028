"""What runs in the background: Celery, the relay, the SFTP mailbox."""
