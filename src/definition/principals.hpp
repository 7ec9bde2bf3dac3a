// Whom the principal types of access rules mean.

#pragma once

#include "definition/read_model.hpp"

#include <string>
#include <string_view>

namespace sallyport::definition {

/// The user model that the principal type USER means: the one AccessToken's relation "user" names, else the only one.
/// "" where several could be meant; identities of different user models never mix.
std::string user_principal(Registry const& models);

/// The principal type that means an account of `user_model`, as LoopBack has it: USER for the `user_principal`, and for
/// others the model's name.
std::string_view principal_type(std::string_view user_model, std::string_view user_principal);

/// Notes each rule that names the `user_principal` itself: it is for nobody.
void note_rules_for_nobody(Drafts const& drafts, Registry const& models, Findings& findings);

/// Notes each rule for "$owner" of a model whose records have none.
void note_rules_for_no_owner(Drafts const& drafts, Registry const& models, Findings& findings);

}  // namespace sallyport::definition
