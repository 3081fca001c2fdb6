// Certificates for tls_test.cc: an authority, a server for 127.0.0.1, a client. Made for this test, used nowhere else,
// good for a hundred years.
#pragma once

namespace kalam::test {

// clang-format off
inline constexpr char kAuthority[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBijCCAS+gAwIBAgIUQIFX8mfXjfkUxHmtMDOzlK8bPlIwCgYIKoZIzj0EAwIw\n"
    "GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI0MTAwMjQxWhgPMjEy\n"
    "NjEwMzExMDAyNDFaMBkxFzAVBgNVBAMMDnRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI\n"
    "zj0CAQYIKoZIzj0DAQcDQgAEsyB3+7ng+Kk6Q1xJblnYWuD8FzTPm2gYFEoNfhOd\n"
    "9IHOf+uSdieuxbqGhUL+TEbK/wxAy3KUvpbpYIa67Qr6ZaNTMFEwHQYDVR0OBBYE\n"
    "FFieY6a0aIE3UviHzhgXbzlclFwIMB8GA1UdIwQYMBaAFFieY6a0aIE3UviHzhgX\n"
    "bzlclFwIMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAP7r2QdB\n"
    "AYt+GvOpSINV2MVflcqRs5mxf/efX4aEAkwiAiEAr0vArCdcz6jbpudclT6ja1Cs\n"
    "4NIDXHXnN9HsqR1i18Y=\n"
    "-----END CERTIFICATE-----\n";

inline constexpr char kServerCert[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBjzCCATWgAwIBAgIUffm86GtAnE0m1inQdY4vH6iJcTUwCgYIKoZIzj0EAwIw\n"
    "GTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI0MTAwMjQxWhgPMjEy\n"
    "NjEwMzExMDAyNDFaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEG\n"
    "CCqGSM49AwEHA0IABDEUBGn7moEtvp5tkcLhm62NnMy19hUdsE3oFKg6I+BxZpwe\n"
    "E7d212eTVh85dYnd6EwhFd9cvgJXUHnGMdKFWOCjXjBcMBoGA1UdEQQTMBGCCWxv\n"
    "Y2FsaG9zdIcEfwAAATAdBgNVHQ4EFgQUAXsB6OqzqWGEXkYvXmtbDNZxEbEwHwYD\n"
    "VR0jBBgwFoAUWJ5jprRogTdS+IfOGBdvOVyUXAgwCgYIKoZIzj0EAwIDSAAwRQIh\n"
    "ANvGZLThepm9G37NCoYYMsahuaeZ1IjJ5i7KuzHIqmr4AiBTSg+TIUJkAnWs+ZlP\n"
    "pZUJ4WMKgOaw/GCN03ZBy+U8HA==\n"
    "-----END CERTIFICATE-----\n";

inline constexpr char kServerKey[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtwJTK39V5CaO4m6H\n"
    "MgU7PJkvcxBklj57oAH3sqEYb/qhRANCAAQxFARp+5qBLb6ebZHC4ZutjZzMtfYV\n"
    "HbBN6BSoOiPgcWacHhO3dtdnk1YfOXWJ3ehMIRXfXL4CV1B5xjHShVjg\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr char kClientCert[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBLzCB1gIUffm86GtAnE0m1inQdY4vH6iJcTYwCgYIKoZIzj0EAwIwGTEXMBUG\n"
    "A1UEAwwOdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI0MTAwMjQxWhgPMjEyNjEwMzEx\n"
    "MDAyNDFaMBoxGDAWBgNVBAMMD2thbGFtZGItcGctdGVzdDBZMBMGByqGSM49AgEG\n"
    "CCqGSM49AwEHA0IABFaxF8N/T98Bg+uue5r2lt7YffErPWH8Q7aAG5FpZQLCMDdb\n"
    "AiCKjf2AkvsLnerVdsAh8yFX/Cl/IF3O6lOeBAAwCgYIKoZIzj0EAwIDSAAwRQIg\n"
    "ZurGB5rGrVem6RkFGPqTzYVUQITHNt9jDL34p0qo9GYCIQCgnPGP5PMcsKXthvUu\n"
    "+3mUFxV6mlDnaSWItdb93/8MhQ==\n"
    "-----END CERTIFICATE-----\n";

inline constexpr char kClientKey[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvyNz2cwwgRRxbfiR\n"
    "cvTDVQLyEKEETgFFapBsHQhiibqhRANCAARWsRfDf0/fAYPrrnua9pbe2H3xKz1h\n"
    "/EO2gBuRaWUCwjA3WwIgio39gJL7C53q1XbAIfMhV/wpfyBdzupTngQA\n"
    "-----END PRIVATE KEY-----\n";

// clang-format on

}  // namespace kalam::test
