#include "app/keys_file.hpp"

#include "app/config.hpp"

#include <stdexcept>

namespace sallyport::app {

namespace fs = std::filesystem;

namespace {

crypto::Keys parse_variable(std::string const& text) {
    try {
        return crypto::Keys::parse(text);
    } catch (std::exception const& error) {
        throw std::runtime_error{std::string{"the variable SALLYPORT_KEYS does not hold keys: "} + error.what() +
                                 "\n  hint: it takes the text of a keys.json; `sallyport keys new` makes one"};
    }
}

}  // namespace

crypto::Keys read_keys(fs::path const& folder, bool make_missing) {
    if (auto const text = process_environment("SALLYPORT_KEYS")) return parse_variable(*text);
    if (auto const directory = process_environment("CREDENTIALS_DIRECTORY")) {
        auto const credential = fs::path{*directory} / "sallyport-keys";
        if (fs::exists(credential)) return crypto::Keys::read(credential);
    }
    auto const file = folder / "keys.json";
    if (!fs::exists(file)) {
        if (!make_missing) {
            throw std::runtime_error{
                "keys.json is missing from " + folder.string() +
                "\n  hint: `sallyport keys new` makes one; keep a copy, the database is of no use without it"};
        }
        crypto::Keys::make().save(file);
    }
    return crypto::Keys::read(file);
}

}  // namespace sallyport::app
