#include "app/backup.hpp"

#include "sallyport/error.hpp"
#include "sallyport/percent.hpp"
#include "store/durable_file.hpp"
#include "store/migrate.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

// Gone at the end, with all that is in it, unless it is kept.
class NewFolder {
public:
    explicit NewFolder(fs::path path) : path_{std::move(path)} {
        if (mkdir(path_.c_str(), 0700) == 0) return;
        auto const status = errno == EEXIST ? 409 : 500;
        throw Error{status,
                    fmt::format("cannot make the folder {}: {}\n  hint: name one that is not there yet, in one that is",
                                path_.string(), std::generic_category().message(errno))};
    }
    ~NewFolder() {
        std::error_code ignored;
        if (!is_kept_) fs::remove_all(path_, ignored);
    }
    NewFolder(NewFolder const&) = delete;
    NewFolder& operator=(NewFolder const&) = delete;

    fs::path const& path() const { return path_; }
    void keep() { is_kept_ = true; }

private:
    fs::path path_;
    bool is_kept_ = false;
};

// Names of data sources are any text; what is no letter, digit, "_" or "-" is written as %XX.
std::string file_name(std::string const& data_source) { return percent_encoded(data_source, "_-") + ".db"; }

std::string now_as_text(Clock const& clock) {
    std::string text;
    append_iso_date(text, static_cast<double>(clock.now()));
    return text;
}

Json fingerprint_of_keys(definition::Project const& project, Stores const& stores) {
    auto const own = stores.find(own_data_source(project));
    if (own == stores.end()) return nullptr;
    auto const fingerprint = store::fingerprint_of_keys(*own->second);
    return fingerprint ? Json{*fingerprint} : Json{nullptr};
}

Json copy_all(Stores const& stores, DatabaseFiles const& files, fs::path const& folder, std::stop_token const& stop) {
    auto copies = Json::object();
    for (auto const& [source, store] : stores) {
        if (!files.contains(source)) continue;
        auto const name = file_name(source);
        store->back_up(folder / name, stop);
        auto const bytes = static_cast<double>(fs::file_size(folder / name));
        copies[source] = JsonObject{{"file", name}, {"bytes", bytes}};
    }
    return copies;
}

}  // namespace

Json back_up(definition::Project const& project, Stores const& stores, fs::path const& target, Clock const& clock,
             std::stop_token const& stop) {
    auto const files = database_files(project, project.folder);
    if (files.empty()) {
        throw Error{422,
                    "there is nothing to back up: no data source keeps its records in a file\n  hint: give one "
                    "\"connector\": \"sqlite3\" in server/datasources.json"};
    }
    NewFolder folder{target};
    try {
        auto page = Json::object();
        page["version"] = SALLYPORT_VERSION;
        page["created"] = now_as_text(clock);
        page["keysFingerprint"] = fingerprint_of_keys(project, stores);
        page["dataSources"] = copy_all(stores, files, target, stop);
        store::write_private_file(target / backup_page, to_text(page) + "\n");
        store::sync(store::folder_of(fs::absolute(target)));
        folder.keep();
        return page;
    } catch (std::system_error const& error) {
        throw Error{500, fmt::format("cannot write {}: {}", target.string(), error.code().message())};
    }
}

Backups::Backups(definition::Project const& project, Stores const& stores, Clock const& clock)
    : project_{project},
      stores_{stores},
      clock_{clock},
      pool_{{.name = "backup", .threads = 1, .queue_limit = 1, .nice = 10}} {}

Backups::~Backups() { stopping_.request_stop(); }

Task<Json> Backups::make(fs::path target) {
    co_return co_await pool_.run([this, target = std::move(target)] {
        return back_up(project_, stores_, target, clock_, stopping_.get_token());
    });
}

}  // namespace sallyport::app
