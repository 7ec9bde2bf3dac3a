#include "store/stored_json.hpp"

namespace sallyport::store {

std::optional<Json> stored_json(std::string_view text) {
    try {
        return parse_json(text, {.max_depth = 64, .max_keys = 100000, .duplicates = JsonLimits::Duplicates::last_wins});
    } catch (JsonError const&) {
        return std::nullopt;
    }
}

}  // namespace sallyport::store
