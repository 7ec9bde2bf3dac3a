// A message as the database holds it: one sealed text, bound to its row.

#pragma once

#include "crypto/keys.hpp"
#include "sallyport/sender.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::delivery {

/// A message and what it was counted against: keys that the caller of the outbox understands.
struct Parcel {
    Message message;
    std::vector<std::string> charged;
};

/// `parcel` sealed for the row that has its message's id.
std::string seal_parcel(crypto::Keys const& keys, Parcel const& parcel);

/// The parcel of the row `id`; nothing if it was not sealed for that row, or with a key that is gone.
std::optional<Parcel> unseal_parcel(crypto::Keys const& keys, std::string_view sealed, std::string_view id);

}  // namespace sallyport::delivery
