"""Values that something on the way could spoil."""

VALUES = {
    "plain": "hunter2",
    "json": '{"k3":"v3"}',
    "other-scripts": "秘密 – ключ – clé – 🔑",
    "quotes": "{\"a\": \"\\\"double\\\" 'single' \\\\ back\"}",
    "markup": '<a href="x">&amp; &lt; %2B + 100 % ~ * </a>',
    "integers": '{"id":12345678901234567890,"low":-9223372036854775808,"long":1.10000000000000000001}',
    "lines": "first\nsecond\r\n\tthird\n",
    "long": "0123456789abcdef" * 1875,
}

# The suite looks for this one in everything that was logged.
CANARY = "canary-7d1c0b6e5f3a4298"

# Of the ClientKeys that the suite makes: each special character that a password may have.
CLIENT_KEY_PASSWORD = "Suite-7~!@#$%^&*?_"
