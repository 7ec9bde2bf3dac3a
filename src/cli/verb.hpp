// How a verb of the command line is declared.

#pragma once

#include "sallyport/app.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>

namespace sallyport::cli {

/// Called wrongly: what is missing, or cannot be together.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What a verb does once its arguments are read: the exit code.
using Work = std::function<int()>;

inline CLI::App* add_verb(CLI::App& app, std::string const& name, std::string const& about,
                          std::string const& example) {
    auto* verb = app.add_subcommand(name, about);
    verb->footer("Example: " + example);
    return verb;
}

/// --host and --port, which win over whatever else says it.
inline void add_address(CLI::App* verb, AppSettings& settings) {
    verb->add_option("--host", settings.host, "the address to listen on");
    verb->add_option("--port", settings.port, "the port; 0 lets the system choose")->check(CLI::Range(0, 65535));
}

/// Where a verb says what it has to say, and where it leaves its work.
struct Streams {
    std::ostream& out;  ///< For programs.
    std::ostream& err;  ///< For people.
    Work& work;
};

/// user, limits and audit. `streams` must outlive the verbs.
void add_operator_verbs(CLI::App& app, Streams const& streams);

/// import and export of `user`.
void add_people_verbs(CLI::App& user, Streams const& streams);

/// property, relation, acl and datasource.
void add_generators(CLI::App& app, Work& work, std::ostream& err);

/// code.
void add_code(CLI::App& app, Streams const& streams);

/// backup and restore.
void add_backup(CLI::App& app, Work& work, std::ostream& err);
void add_restore(CLI::App& app, Work& work, std::ostream& err);

}  // namespace sallyport::cli
