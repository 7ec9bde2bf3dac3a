// VACUUM INTO reads in one transaction: the copy is the database as it was at one moment, and no writer waits for it.
// The file is made before SQLite fills it, so that at no moment anybody else can open it; and it gets its name last, so
// that a file of that name is whole.

#include "store/sqlite_copy.hpp"

#include "sallyport/error.hpp"
#include "store/durable_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace sallyport::store {
namespace {

namespace fs = std::filesystem;

fs::path with_ending(fs::path file, char const* ending) { return file += ending; }

// Gone at the end, with what SQLite made beside it, unless it has got its name by then.
class Draft {
public:
    explicit Draft(fs::path const& file) : file_{with_ending(file, ".part")} { make_private_file(file_); }
    ~Draft() {
        std::error_code ignored;
        fs::remove(file_, ignored);
        fs::remove(with_ending(file_, "-journal"), ignored);
    }
    Draft(Draft const&) = delete;
    Draft& operator=(Draft const&) = delete;

    fs::path const& file() const { return file_; }

private:
    fs::path file_;
};

void fill(ConnectionRules const& rules, fs::path const& file, std::stop_token const& stop) {
    Connection connection{rules};
    std::stop_callback const on_stop{stop, [&] { connection.interrupt(); }};
    if (stop.stop_requested()) throw unavailable("interrupted");
    connection.copy_into(file);
}

int status_of(std::system_error const& error) {
    auto const code = error.code().value();
    if (code == EEXIST) return 409;
    return code == ENOSPC || code == EDQUOT ? 507 : 500;
}

}  // namespace

void copy_database(ConnectionRules const& rules, fs::path const& file, std::stop_token const& stop) {
    auto const failed = [&](int status, std::string const& cause) {
        return Error{status, fmt::format("cannot copy the database to {}: {}", file.string(), cause)};
    };
    try {
        if (fs::exists(file)) throw Error{409, "it is there already"};
        Draft const draft{file};
        fill(rules, draft.file(), stop);
        sync(draft.file());
        rename_durably(draft.file(), file);
    } catch (Error const& error) {
        throw failed(error.status, error.message);
    } catch (std::system_error const& error) {
        throw failed(status_of(error), error.code().message());
    }
}

}  // namespace sallyport::store
