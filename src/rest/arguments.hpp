// What a request says to a method: its body read, and each declared argument found and converted.

#pragma once

#include "definition/definition.hpp"
#include "rest/routes.hpp"
#include "sallyport/json.hpp"
#include "sallyport/method.hpp"
#include "sallyport/request.hpp"

#include <cstddef>
#include <string_view>

namespace sallyport::rest {

/// What bodies and queries may be.
struct InputRules {
    std::size_t json_limit = 1048576;  ///< bytes
    std::size_t form_limit = 1048576;
    bool refuse_duplicates = true;                  ///< A JSON key or scalar query key twice: 400; else the last wins.
    bool refuse_unread = true;                      ///< A body of a type that is not read: 415; else as if none.
    std::vector<std::string> item_delimiters = {};  ///< What parts texts into the items of an array; usually nothing.

    JsonLimits json() const;
};

/// The media type of a Content-Type or Accept element, without parameters and blanks.
std::string_view media_type(std::string_view header);

/// How many bytes the body of a request with this Content-Type may have.
std::size_t body_limit(std::string_view content_type, InputRules const& rules);

struct Body {
    bool is_json = false;         ///< Its values have types.
    bool is_unread = false;       ///< There is one, of a type that is not read.
    Json value = Json::object();  ///< {} where there is none, or none that is understood.
};

/// Reads a JSON or form body, compressed with gzip or deflate or not; any other is as if there were none.
///
/// Throws Error: 400 SyntaxError saying where, or Z_DATA_ERROR; 413 PayloadTooLargeError, also for what is too large
/// once it is no longer compressed, and for a form of more than 1000 parameters; 415 UnsupportedMediaTypeError for a
/// charset other than UTF-8 or another content coding.
Body read_body(Request const& request, InputRules const& rules);

/// Where arguments come from.
struct Input {
    Request const& request;
    PathParameters const& path;
    JsonObject const& query;
    Body const& body;
};

/// The arguments of a method, converted; those that are absent are left out. Defaults are documentation only, as in
/// LoopBack. Arguments of Source::options and Source::none never come from a client.
///
/// Throws Error 400 naming the first value that is not of its type, and 415 UnsupportedMediaTypeError where arguments
/// are in a body that was not read (RFC 9110 section 15.5.16).
JsonObject read_arguments(MethodSpec const& method, Input const& input, definition::Registry const& models,
                          InputRules const& rules);

/// Throws Error 400 for a required argument that is absent, null or "", and for a date that is none. LoopBack looks at
/// this last, after access.
void require_arguments(MethodSpec const& method, JsonObject const& arguments);

/// Which record access is asked about: `id` of the path, else what the method's own argument says, in a record its
/// property `id_name`; undefined for none. Never what the method does not act on: whoever owns one record could name it
/// to be let at others.
Json asked_id(MethodSpec const& method, PathParameters const& path, JsonObject const& arguments,
              std::string_view id_name);

}  // namespace sallyport::rest
