// Serves the contract app in the foreground: contract_server FOLDER PORT CODES_FILE [memory | sqlite]
//
// The folder is copied to a temporary one, with keys and database of its own, which is removed at the end.

#include "app_copy.hpp"
#include "codes_file.hpp"
#include "methods.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace sallyport;

void change(Folder const& files, std::string const& name, std::function<void(Json&)> const& edit) {
    auto json = parse_json(files.read(name));
    edit(json);
    files.write(name, to_text(json));
}

// Codes go to a file here: production has no reason to refuse the channel. And nobody is there from whom the time of a
// wrong password would have to be hidden.
void set_for_replay(Json& config) {
    config["allowConsole"] = true;
    config["refusedPasswordMs"] = 0;
}

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
    test_support::AppCopy const copy{source};
    boost::asio::io_context seeding;  // Outlives the app: its pools may still be inside the post() that ended the seed.
    change(copy.files(), "server/config.json", set_for_replay);
    copy.files().write("package.json", R"({"name": "company"})");  // What the recorded system was called.
    if (store == "sqlite") change(copy.files(), "server/datasources.json", use_sqlite_file);
    App app{copy.path(),
            {.host = "127.0.0.1", .port = port, .environment = "production", .make_keys = true, .clock = {}}};
    auto mail = std::make_shared<test_support::KeepingSender>();
    app.set_sender("console", std::make_shared<test_support::CodesFile>(codes));
    app.set_sender("email", mail);
    test_support::lift_limits(app);
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
