#include "sallyport/one_time_code.hpp"

#include "crypto/base32.hpp"
#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "sallyport/percent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace sallyport {
namespace {

constexpr int widest = 100;  // steps, in each direction

void require(bool holds, char const* what) {
    if (!holds) throw std::invalid_argument{what};
}

void require_shape(CodeShape shape) {
    require(shape.digits >= 6 && shape.digits <= 8, "a one-time code has 6 to 8 digits");
}

std::string in_network_order(std::uint64_t counter) {
    std::string bytes(8, '\0');
    for (auto at = bytes.rbegin(); at != bytes.rend(); ++at, counter >>= 8U) *at = static_cast<char>(counter & 0xffU);
    return bytes;
}

std::string keyed(CodeHash hash, std::string_view key, std::string_view data) {
    switch (hash) {
        case CodeHash::sha256:
            return crypto::hmac_sha256(key, data);
        case CodeHash::sha512:
            return crypto::hmac_sha512(key, data);
        case CodeHash::sha1:
            break;
    }
    return crypto::hmac_sha1(key, data);
}

std::string_view name_of(CodeHash hash) {
    if (hash == CodeHash::sha1) return "SHA1";
    return hash == CodeHash::sha256 ? "SHA256" : "SHA512";
}

// Every candidate is made and compared, so that the time tells nothing of which was right.
template <class Candidate>
std::optional<int> find(std::string_view code, int first, int last, Candidate candidate) {
    std::optional<int> found;
    for (int delta = first; delta <= last; ++delta) {
        auto const expected = candidate(delta);
        if (expected && crypto::equal_in_constant_time(*expected, code) && !found) found = delta;
    }
    return found;
}

// RFC 3986 section 2.3.
std::string escaped(std::string_view text) { return percent_encoded(text, "-._~"); }

std::string begin_uri(std::string_view type, OneTimeSecret const& secret, CodeLabel const& label, CodeShape shape) {
    require_shape(shape);
    require(!label.account.empty(), "a label names an account");
    require(!label.issuer.contains(':') && !label.account.contains(':'), "no name in a label has a colon");
    auto const prefix = label.issuer.empty() ? std::string{} : escaped(label.issuer) + ":";
    auto uri = fmt::format("otpauth://{}/{}{}?secret={}", type, prefix, escaped(label.account), secret.to_base32());
    if (!label.issuer.empty()) uri += "&issuer=" + escaped(label.issuer);
    if (shape.hash != CodeHash::sha1) uri += fmt::format("&algorithm={}", name_of(shape.hash));
    if (shape.digits != CodeShape{}.digits) uri += fmt::format("&digits={}", shape.digits);
    return uri;
}

}  // namespace

OneTimeSecret::OneTimeSecret(std::string bytes) : bytes_{std::move(bytes)} {
    require(!bytes_.empty(), "a one-time secret is not empty");
}

OneTimeSecret OneTimeSecret::random(std::size_t bytes) {
    require(bytes >= 20 && bytes <= 64, "a one-time secret has 20 to 64 bytes");
    return OneTimeSecret{crypto::random_bytes(bytes)};
}

OneTimeSecret OneTimeSecret::from_base32(std::string_view text) {
    std::string grouped{text};
    std::erase_if(grouped, [](char c) { return c == ' ' || c == '-'; });
    return OneTimeSecret{crypto::from_base32(grouped)};
}

OneTimeSecret OneTimeSecret::from_hex(std::string_view text) { return OneTimeSecret{crypto::from_hex(text)}; }

OneTimeSecret OneTimeSecret::from_ascii(std::string_view text) {
    require(std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; }),
            "the characters of a one-time secret are ASCII");
    return OneTimeSecret{std::string{text}};
}

std::string OneTimeSecret::to_base32() const { return crypto::to_base32(bytes_); }

std::string OneTimeSecret::to_hex() const { return crypto::to_hex(bytes_); }

std::string hotp(OneTimeSecret const& secret, std::uint64_t counter, CodeShape shape) {
    require_shape(shape);
    auto const digest = keyed(shape.hash, secret.bytes(), in_network_order(counter));
    // Dynamic truncation: 31 bits from where the last four say.
    auto const byte = [&](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(digest[at]));
    };
    auto const start = byte(digest.size() - 1) & 0xfU;
    auto const bits = (byte(start) & 0x7fU) << 24U | byte(start + 1) << 16U | byte(start + 2) << 8U | byte(start + 3);
    std::uint32_t limit = 1;
    for (int i = 0; i < shape.digits; ++i) limit *= 10;
    return fmt::format("{:0{}}", bits % limit, shape.digits);
}

std::uint64_t time_step(std::int64_t time, TimeSteps steps) {
    require(steps.period >= 1 && steps.period <= 3600, "a step has 1 to 3600 seconds");
    require(time >= steps.epoch, "the time is before the epoch");
    auto const passed = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(steps.epoch);
    return passed / static_cast<std::uint64_t>(steps.period);
}

std::string totp(OneTimeSecret const& secret, std::int64_t time, CodeShape shape, TimeSteps steps) {
    return hotp(secret, time_step(time, steps), shape);
}

std::optional<int> verify_hotp(OneTimeSecret const& secret, std::string_view code, std::uint64_t counter, int ahead,
                               CodeShape shape) {
    require_shape(shape);
    require(ahead >= 0 && ahead <= widest, "a window reaches 0 to 100 steps");
    return find(code, 0, ahead, [&](int delta) -> std::optional<std::string> {
        auto const step = static_cast<std::uint64_t>(delta);
        if (counter > std::numeric_limits<std::uint64_t>::max() - step) return std::nullopt;
        return hotp(secret, counter + step, shape);
    });
}

std::optional<int> verify_totp(OneTimeSecret const& secret, std::string_view code, std::int64_t time, CodeWindow window,
                               CodeShape shape, TimeSteps steps) {
    require_shape(shape);
    require(window.before >= 0 && window.before <= widest && window.after >= 0 && window.after <= widest,
            "a window reaches 0 to 100 steps");
    auto const now = time_step(time, steps);
    return find(code, -window.before, window.after, [&](int delta) -> std::optional<std::string> {
        auto const back = static_cast<std::uint64_t>(-static_cast<std::int64_t>(delta));
        if (delta < 0) return now < back ? std::nullopt : std::optional{hotp(secret, now - back, shape)};
        return hotp(secret, now + static_cast<std::uint64_t>(delta), shape);
    });
}

std::string otpauth_uri(OneTimeSecret const& secret, CodeLabel const& label, CodeShape shape, TimeSteps steps) {
    require(steps.period >= 1 && steps.period <= 3600, "a step has 1 to 3600 seconds");
    require(steps.epoch == 0, "authenticators count from the Unix epoch");
    auto uri = begin_uri("totp", secret, label, shape);
    if (steps.period != TimeSteps{}.period) uri += fmt::format("&period={}", steps.period);
    return uri;
}

std::string otpauth_uri_of_counter(OneTimeSecret const& secret, CodeLabel const& label, std::uint64_t counter,
                                   CodeShape shape) {
    return begin_uri("hotp", secret, label, shape) + fmt::format("&counter={}", counter);
}

}  // namespace sallyport
