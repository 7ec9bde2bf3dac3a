// A message as the database holds it: one sealed text, bound to its row.

#pragma once

#include "crypto/keys.hpp"
#include "sallyport/sender.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::delivery {

/// `message` sealed for the row that has its id.
std::string seal_message(crypto::Keys const& keys, Message const& message);

/// The message of the row `id`; nothing if it was not sealed for that row, or with a key that is gone.
std::optional<Message> unseal_message(crypto::Keys const& keys, std::string_view sealed, std::string_view id);

}  // namespace sallyport::delivery
