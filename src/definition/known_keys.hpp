// Which keys may stand where: LoopBack's, and ours. A key that LoopBack knows and Sallyport does not act on is worth a
// note; any other unknown key is a mistake.

#pragma once

#include "definition/located_json.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::definition {

/// Kinds of JSON values, as bits.
namespace kinds {
constexpr unsigned text = 1;
constexpr unsigned number = 2;
constexpr unsigned boolean = 4;
constexpr unsigned list = 8;
constexpr unsigned object = 16;
constexpr unsigned null = 32;
constexpr unsigned any = 63;
}  // namespace kinds

struct Key {
    enum class Use : std::uint8_t { acted_on, only_known };

    std::string_view name;
    unsigned kinds = kinds::any;
    Use use = Use::acted_on;
    std::span<Key const> below = {};  ///< Keys of the value, where that is an object; empty if it may hold any.
};

/// Whether the value is of one of these kinds.
bool is_of(Located const& value, unsigned kinds);

/// "must be a text or a list", as a mistake, unless `value` is of one of these kinds; whether it is.
bool require_kind(Located const& value, unsigned kinds, std::string_view name, Findings& findings);

/// Judges the keys of an object, the kinds of their values, and what stands below them. An object that is none is a
/// mistake.
void check_keys(Located const& object, std::span<Key const> keys, std::string_view what, Findings& findings);

/// Judges maxDepthOfQuery and maxDepthOfData of a model or a data source.
void check_depths(Located const& object, Findings& findings);

/// How long a user model's tokens live: whole seconds, sessions up to a year as in LoopBack, mailed links up to a day.
void check_lives(Located const& object, Findings& findings);

/// "did you mean "X"?", or else which of these keys have an effect.
std::string hint_for_key(std::string_view name, std::span<Key const> keys);

/// A mistake unless `value` is one of `words`, all texts; whether it is.
bool require_word(Located const& value, std::span<std::string const> words, std::string_view what, Findings& findings);

std::span<Key const> model_keys();
std::span<Key const> model_config_keys();  ///< Of one model in model-config.json.
std::span<Key const> property_keys();
std::span<Key const> relation_keys();
std::span<Key const> relation_option_keys();
std::span<Key const> rule_keys();
std::span<Key const> validation_keys();
std::span<Key const> method_keys();
std::span<Key const> argument_keys();  ///< Of accepts and returns.
std::span<Key const> method_http_keys();
std::span<Key const> filter_keys();
std::span<Key const> index_keys();  ///< Of one of a model's "indexes".

}  // namespace sallyport::definition
