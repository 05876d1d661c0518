// Where the API is, and the two names of these pages. `make serve` answers with its own ports in place of this file.
export const api = "http://127.0.0.1:3000";
export const pages = { app: "http://app.localhost:8080", lookAlike: "http://app.localhost.evil.localhost:8080" };
