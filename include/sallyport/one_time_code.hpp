// One-time codes: HOTP (RFC 4226) and TOTP (RFC 6238), the secrets they are made of, and the URI that authenticators
// read from a QR code.
//
//     auto const secret = OneTimeSecret::random();
//     auto const uri = otpauth_uri(secret, {.issuer = "Company", .account = "ann@company.test"});
//     auto const delta = verify_totp(secret, "287082", clock.now() / 1000, {.before = 1});
//
// A code that was right must not be right again (RFC 6238 section 5.2), and wrong ones must be counted: both are for
// the caller, who keeps the step that a code was good for.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

/// What a server and an authenticator share: bytes, in the notations they are written in. A value; safe on any thread.
class OneTimeSecret {
public:
    /// From the system's generator; 20 to 64 bytes (RFC 4226 section 4, R6).
    static OneTimeSecret random(std::size_t bytes = 20);

    explicit OneTimeSecret(std::string bytes);

    // What cannot be read throws std::invalid_argument, as an empty secret does.

    /// RFC 4648 section 6, in either case. Blanks and hyphens between groups and the padding at the end do not count.
    static OneTimeSecret from_base32(std::string_view text);
    static OneTimeSecret from_hex(std::string_view text);
    /// The characters themselves, as speakeasy takes a secret. ASCII alone: others have no agreed bytes.
    static OneTimeSecret from_ascii(std::string_view text);

    std::string to_base32() const;  ///< In capitals, without padding.
    std::string to_hex() const;
    std::string const& bytes() const { return bytes_; }

    bool operator==(OneTimeSecret const&) const = default;

private:
    std::string bytes_;
};

/// Which hash a code is made with. Many authenticators know SHA-1 alone, whose weakness is none in an HMAC.
enum class CodeHash : std::uint8_t { sha1, sha256, sha512 };

struct CodeShape {
    int digits = 6;  ///< 6 to 8
    CodeHash hash = CodeHash::sha1;
};

/// How time is counted. Times are seconds since the Unix epoch.
struct TimeSteps {
    std::int64_t period = 30;  ///< Seconds in a step; 1 to 3600.
    std::int64_t epoch = 0;    ///< When step 0 begins.
};

/// How far from the expected step a code may be; 0 to 100 each.
struct CodeWindow {
    int before = 0;
    int after = 0;
};

// All throw std::invalid_argument for a number outside its range, and for a time before the epoch.

/// The code of a counter (RFC 4226 section 5.3), with its leading zeros.
std::string hotp(OneTimeSecret const& secret, std::uint64_t counter, CodeShape shape = {});

/// The code of a time (RFC 6238 section 4).
std::string totp(OneTimeSecret const& secret, std::int64_t time, CodeShape shape = {}, TimeSteps steps = {});

/// The step that a time is in: what totp() takes for the counter.
std::uint64_t time_step(std::int64_t time, TimeSteps steps = {});

/// How many counters ahead of `counter` the code is, up to `ahead` (RFC 4226 section 7.4, at most 100); nothing if it
/// is none of them. A code is exactly `shape.digits` ASCII digits. Takes the same time whichever it is.
std::optional<int> verify_hotp(OneTimeSecret const& secret, std::string_view code, std::uint64_t counter, int ahead = 0,
                               CodeShape shape = {});

/// How many steps from that of `time` the code is: -1 for the one before (RFC 6238 section 5.2). Otherwise as
/// verify_hotp().
std::optional<int> verify_totp(OneTimeSecret const& secret, std::string_view code, std::int64_t time,
                               CodeWindow window = {}, CodeShape shape = {}, TimeSteps steps = {});

/// Whose codes they are, as an authenticator shows it. Neither name may hold a colon.
struct CodeLabel {
    std::string issuer;  ///< "" for none.
    std::string account;
};

/// otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=... What has its usual value is left out, as some authenticators
/// refuse it: SHA1, 6 digits, 30 seconds.
std::string otpauth_uri(OneTimeSecret const& secret, CodeLabel const& label, CodeShape shape = {},
                        TimeSteps steps = {});

/// The same for codes by counter, from `counter` on: otpauth://hotp/...
std::string otpauth_uri_of_counter(OneTimeSecret const& secret, CodeLabel const& label, std::uint64_t counter,
                                   CodeShape shape = {});

}  // namespace sallyport
