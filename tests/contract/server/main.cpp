// Serves the contract app in the foreground: contract_server FOLDER PORT CODES_FILE [memory | sqlite]
//
// The folder is copied to a temporary one, with keys and database of its own, which is removed at the end.

#include "methods.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <mutex>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace sallyport;

/// Appends {"email", "code"} for each code it is to send.
class CodesFile final : public Sender {
public:
    explicit CodesFile(fs::path file) : out_{file, std::ios::app} {}

    Task<> send(Message message) override {
        std::lock_guard const lock{mutex_};
        out_ << to_text(JsonObject{{"email", message.account}, {"code", message.secret}}) << std::endl;
        co_return;
    }

private:
    std::mutex mutex_;
    std::ofstream out_;
};

class TemporaryFolder {
public:
    TemporaryFolder() {
        auto pattern = (fs::temp_directory_path() / "sallyport-contract-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"cannot make a temporary folder"};
        path_ = pattern;
    }
    ~TemporaryFolder() { fs::remove_all(path_); }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    fs::path const& path() const { return path_; }

private:
    fs::path path_;
};

std::string read_file(fs::path const& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void change(fs::path const& file, std::function<void(Json&)> const& edit) {
    auto json = parse_json(read_file(file));
    edit(json);
    std::ofstream{file} << to_text(json);
}

// Codes go to a file here: production has no reason to refuse the channel.
void allow_console(Json& config) { config["allowConsole"] = true; }

void use_sqlite_file(Json& sources) {
    sources["db"].as_object().set("connector", "sqlite3");
    sources["db"].as_object().set("file", "data.db");
}

void run_seed(App& app, boost::asio::io_context& context) {
    auto const open = boost::asio::make_work_guard(context);  // Work on other threads is not seen by the context.
    std::exception_ptr failure;
    boost::asio::co_spawn(context, contract::seed(app), [&](std::exception_ptr error) {
        failure = error;
        context.stop();
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
}

int serve(fs::path const& source, int port, fs::path const& codes, std::string const& store) {
    TemporaryFolder const temporary;
    boost::asio::io_context seeding;  // Outlives the app: its pools may still be inside the post() that ended the seed.
    fs::copy(source, temporary.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    for (auto const& entry : fs::recursive_directory_iterator{temporary.path()}) {
        fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
    }
    change(temporary.path() / "server/config.json", allow_console);
    if (store == "sqlite") change(temporary.path() / "server/datasources.json", use_sqlite_file);
    App app{temporary.path(),
            {.host = "127.0.0.1", .port = port, .environment = "production", .make_keys = true, .clock = {}}};
    auto mail = std::make_shared<testing::KeepingSender>();
    app.set_sender("console", std::make_shared<CodesFile>(codes));
    app.set_sender("email", mail);
    testing::lift_limits(app);
    contract::add_calc_methods(app);
    contract::add_record_methods(app);
    contract::add_harness(app, mail);
    run_seed(app, seeding);
    return app.run();
}

}  // namespace

int main(int argc, char** argv) {
    std::string const store = argc > 4 ? argv[4] : "memory";
    if (argc < 4 || (store != "memory" && store != "sqlite")) {
        std::cerr << "usage: contract_server FOLDER PORT CODES_FILE [memory | sqlite]\n";
        return 2;
    }
    try {
        return serve(argv[1], std::stoi(argv[2]), argv[3], store);
    } catch (std::exception const& error) {
        std::cerr << "contract_server: " << error.what() << '\n';
        return 1;
    }
}
