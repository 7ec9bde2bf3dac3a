// Values of arguments in their declared types, as LoopBack 3's remoting converts them.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/json.hpp"
#include "sallyport/method.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sallyport::rest {

/// How values are converted.
struct Coercion {
    definition::Registry const& models;              ///< A model's name is a type: an object.
    JsonLimits json;                                 ///< For JSON inside a query value.
    bool allows_array = false;                       ///< ArgumentSpec::allows_array
    std::span<std::string const> item_delimiters{};  ///< What parts a text into the items of an array.
};

/// A value that came in JSON has a type already: it must be the declared one.
///
/// undefined stays so. Throws Error 400 "Value is not a number." and the like. An unreadable date becomes an invalid
/// one here; see check_date.
Json from_typed(TypeName const& type, Json value, Coercion const& coercion);

/// A value from a query, a path, a header or a form is text (or nested texts): guessed into the declared type. "" is
/// undefined. Throws Error 400.
Json from_sloppy(TypeName const& type, Json value, Coercion const& coercion);

/// Number(text) of JavaScript (ECMA-262 section 7.1.4.1): NaN if it is none, 0 for blanks.
double to_number(std::string_view text);

}  // namespace sallyport::rest
