// The relation to access tokens: whose a token is stands beside it, and what names one is not what is stored.

#pragma once

#include "model/stored_model.hpp"

#include <string>

namespace sallyport::methods {

/// The tokens of one user, among those of all user models whose ids may be the same.
Task<Where> tokens_of(model::StoredModel& tokens, std::string user_model, Json user_id);

/// A token named by itself or by its handle; what is stored is neither.
Where with_token(std::string const& presented);

/// A token's row and what stands beside it go together, however tokens are removed.
void end_sessions_with(model::StoredModel& tokens);

}  // namespace sallyport::methods
