"""How clients reach the server that the suite has started."""

import os

ENDPOINT = os.environ["KMS_ENDPOINT"]
# A literal: the SDK before today's asks whether it is the very same string.
PROTOCOL = "https" if os.environ.get("KMS_PROTOCOL") == "https" else "http"
# The private authority of a server that speaks TLS alone.
CA = os.environ["KMS_CA_FILE"] if PROTOCOL == "https" else None
