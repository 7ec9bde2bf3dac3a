// Texts with places for values, "{name}": how a gateway's request is written down.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::delivery {

/// The names between braces, in order. Braces that hold no name ("{", "{}", "{a b}") are text.
std::vector<std::string> places_in(std::string_view text);

/// `text` with every {name} replaced by value_of(name); a name without a value stays as it is.
std::string filled(std::string_view text,
                   std::function<std::optional<std::string>(std::string_view name)> const& value_of);

std::string escape_url(std::string_view text);   ///< RFC 3986 section 2.1: all but unreserved characters.
std::string escape_form(std::string_view text);  ///< application/x-www-form-urlencoded
std::string escape_xml(std::string_view text);   ///< For text and attributes; characters XML cannot hold are dropped.

}  // namespace sallyport::delivery
