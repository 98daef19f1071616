//! Repositories over SQLite and PostgreSQL. Sees ciphertext only.
