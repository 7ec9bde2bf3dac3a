// One line of an import: what it says, and what is wrong with it.

#pragma once

#include "auth/app_code.hpp"
#include "auth/two_factor_options.hpp"
#include "methods/account_import.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::methods {

/// What is wrong with a line, and what to do about it.
struct LineProblem {
    std::string problem;
    std::string hint;
};

/// What a line says, in the types that it is written in.
struct ImportedAccount {
    JsonObject record;  ///< Of the user model, its hash included.
    std::string phone{};
    bool is_phone_confirmed = false;
    std::vector<auth::AppSecret> apps{};
    std::vector<std::string> roles{};
    bool is_disabled = false;
    bool has_password = false;
    bool has_odd_username = false;  ///< One that could not be chosen now: methods/username.hpp.
};

/// Whether a line has a member of its own for that property of a user model, whose number stands in `phone` ("" for
/// none): then it is none of its "properties".
bool has_own_member(definition::Model const& model, std::string_view phone, std::string_view property);

/// Reads one line for a user model, and adds what is wrong with it to `problems`: the account is then of no use.
ImportedAccount read_imported(ImportParts const& parts, model::StoredModel const& model, std::string_view line,
                              std::vector<LineProblem>& problems);

}  // namespace sallyport::methods
