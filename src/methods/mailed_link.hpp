// What whoever used a mailed link has shown: that they read the mail of an account.

#pragma once

#include "methods/account.hpp"

namespace sallyport::methods {

/// Makes the device that used the link a known one (auth/device.hpp), so that strangers' failures keep nobody out who
/// chose a new password by mail; sets its cookie. The network is not remembered: mail scanners open links, too.
Task<> make_device_known(AccountParts const& parts, model::StoredModel& model, Invocation& call, Json user_id);

}  // namespace sallyport::methods
