#include "store/own_tables.hpp"

namespace sallyport::store {

std::vector<std::string_view> own_tables() {
    return {
        // The version of these tables ("schema") and whose keys the database belongs to ("keys").
        "CREATE TABLE sallyport_meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
    };
}

}  // namespace sallyport::store
