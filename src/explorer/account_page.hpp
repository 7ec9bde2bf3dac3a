// The pages of web/ that people reach without a client of the app: where the links in its mails lead, the one where
// they look after their second factors, and the one of administrators.

#pragma once

#include "model/stored_model.hpp"
#include "sallyport/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::explorer {

/// Answers GET and HEAD of /reset-password, /change-email, /account, /admin and of what those pages load. Safe on any
/// thread.
class AccountPages {
public:
    /// `api_root` is what stands before a model's path: "/api". Only where a public model has the TwoFactor mixin is
    /// there an /account and a /change-email, and account/accounts.json tells it of each: [{"name": "Employee",
    /// "at": "/api/Employees", "adds": ["totp"], "trusts": 30, "administers": ["Employee"]}]. "adds" names the factors
    /// that people can add themselves. "trusts" is for how many days they may trust a device; "administers", the user
    /// models whose accounts those with the role administer. Where it is nowhere there is no /admin.
    AccountPages(model::Models const& models, std::string const& api_root);

    /// Nothing for what is not here: the next in line may answer.
    std::optional<Response> answer(Request const& request) const;

private:
    bool serves(std::string_view name) const;

    bool has_administrators_ = false;
    std::string accounts_;  ///< JSON; "" where no model has the mixin.
    std::string gzip_;
    std::string tag_;
};

}  // namespace sallyport::explorer
