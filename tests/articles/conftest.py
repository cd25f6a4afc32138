import os

# Reads data that is not ours to ship: collected only where HEARSAY_DATA names the folder that holds it.
collect_ignore = [] if os.environ.get("HEARSAY_DATA") else ["test_real_digest.py"]
