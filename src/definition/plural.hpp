// The names LoopBack makes from names: plurals for paths, camel case for foreign keys.

#pragma once

#include <string>
#include <string_view>

namespace sallyport::definition {

/// The English plural as LoopBack builds it for paths: "Category" gives "Categories", "News" stays.
std::string plural(std::string_view name);

/// "MyModel" gives "myModel", "user_role" gives "userRole": LoopBack's way to name relations and foreign keys.
std::string camel(std::string_view name);

/// "MyBigModel" gives "my-big-model": how model files are called.
std::string dashed(std::string_view name);

/// A path as `normalizeHttpPath` serves it: "/TeamNotes/findOne" gives "/team-notes/find-one", "/APIKeys"
/// "/a-p-i-keys". Segments with a colon (":fk") stay as they are.
std::string normalized_path(std::string_view path);

}  // namespace sallyport::definition
