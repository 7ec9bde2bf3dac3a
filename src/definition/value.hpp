// Bringing values into the type of a property, as LoopBack's data source juggler does.

#pragma once

#include "definition/definition.hpp"

#include <string>

namespace sallyport::definition {

/// `value` in the type of the property: "42" becomes 42 for a number, "yes" true for a boolean, text a date (which may
/// be invalid: NaN), and so on. undefined and null stay as they are.
///
/// A DateString stays the text it is. A Buffer becomes {"type": "Buffer", "data": [...]}: of a text its UTF-8 bytes.
///
/// Throws Error 400 where LoopBack throws: text that is no JSON for an array, an unreadable geopoint, a DateString that
/// is no date, a Buffer that is neither text nor bytes.
Json to_property_value(PropertyType const& type, Json value);

/// A record from what a client sent: known properties in their types and in definition order, then unknown ones as
/// they came (dropped for Strict::filter). Defaults are not filled in.
Json to_record(Model const& model, JsonObject const& data);

/// The default of a property in its type, where it has one that is the same at any time and is kept; else undefined.
Json fixed_default(Property const& property);

/// Fills in defaults for properties that are undefined. `now` is milliseconds since the Unix epoch.
void fill_defaults(Model const& model, JsonObject& record, std::int64_t now);

/// `id` text from a path in the type of the model's id: "01" is 1 for a number. undefined if it cannot be one.
Json to_id(Model const& model, std::string_view text);

}  // namespace sallyport::definition
