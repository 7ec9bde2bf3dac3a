#include "methods/app_factor.hpp"

#include "auth/qr_code.hpp"
#include "http/network.hpp"
#include "sallyport/error.hpp"

#include <algorithm>

namespace sallyport::methods {
namespace {

// What a label may not hold.
std::string without_colons(std::string text) {
    std::ranges::replace(text, ':', ' ');
    return text;
}

CodeHash hash_of(Json const& algorithm) {
    if (algorithm.is_nothing() || algorithm == Json{"SHA1"}) return CodeHash::sha1;
    if (algorithm == Json{"SHA256"}) return CodeHash::sha256;
    if (algorithm == Json{"SHA512"}) return CodeHash::sha512;
    throw Error{422, "`algorithm` has to be SHA1, SHA256 or SHA512.", "INVALID_FACTOR"};
}

int digits_of(Json const& digits) {
    if (digits.is_nothing()) return CodeShape{}.digits;
    for (auto const count : {6, 7, 8}) {
        if (digits == Json{count}) return count;
    }
    throw Error{422, "`digits` has to be 6, 7 or 8.", "INVALID_FACTOR"};
}

}  // namespace

auth::AppSecret make_app_secret(Json const& algorithm, Json const& digits) {
    auth::AppSecret made{.shape = {.digits = digits_of(digits), .hash = hash_of(algorithm)}, .steps = {}};
    // As long as the digest (RFC 6238 section 5.1).
    if (made.shape.hash == CodeHash::sha256) made.secret = OneTimeSecret::random(32);
    if (made.shape.hash == CodeHash::sha512) made.secret = OneTimeSecret::random(64);
    return made;
}

JsonObject shown_once(TwoFactorModel const& two, KnownUser const& user, auth::AppSecret const& secret) {
    auto const host = http::host_of(two.doors->parts.rules.base_url);
    auto const name = user.email.empty() ? text_of(user.record["username"]) : user.email;
    CodeLabel const label{.issuer = without_colons(host.empty() ? two.model.name() : host),
                          .account = without_colons(name.empty() ? user.account.id : name)};
    auto const uri = otpauth_uri(secret.secret, label, secret.shape, secret.steps);
    return {{"secret", secret.secret.to_base32()}, {"uri", uri}, {"qr", auth::qr_svg(uri)}};
}

}  // namespace sallyport::methods
