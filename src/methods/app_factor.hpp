// An authenticator app as a factor: what its owner is shown, once.

#pragma once

#include "auth/app_code.hpp"
#include "methods/two_doors.hpp"

namespace sallyport::methods {

/// A new secret, shaped as `algorithm` ("SHA1", "SHA256", "SHA512") and `digits` (6 to 8) say; undefined for the usual,
/// which every app knows. Throws 422 for others.
auth::AppSecret make_app_secret(Json const& algorithm, Json const& digits);

/// {secret, uri, qr}: in base32, as an otpauth URI, and that as the SVG of a QR code. The issuer is the host of the
/// configured `url`, or the model.
JsonObject shown_once(TwoFactorModel const& two, KnownUser const& user, auth::AppSecret const& secret);

}  // namespace sallyport::methods
