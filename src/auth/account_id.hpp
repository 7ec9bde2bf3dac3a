// Account: whose tokens, challenges and factors a row is about.

#pragma once

#include "sallyport/json.hpp"

#include <string>

namespace sallyport::auth {

/// A user of one user model. Two models' users are never the same account, whatever their ids.
struct Account {
    std::string model;  ///< "Employee"
    std::string id;     ///< The user's id as JSON text, so that 1 and "1" differ.

    static Account of(std::string model, Json const& user_id) { return {std::move(model), to_text(user_id)}; }

    Json user_id() const { return parse_json(id); }
};

}  // namespace sallyport::auth
