#include "cli/commands.hpp"

#include "app/keys_file.hpp"
#include "cli/generators.hpp"
#include "cli/manual.hpp"
#include "cli/new_model.hpp"
#include "cli/new_project.hpp"
#include "cli/project_verbs.hpp"
#include "cli/question.hpp"
#include "cli/show_config.hpp"
#include "cli/verb.hpp"
#include "crypto/keys.hpp"
#include "definition/finding.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

namespace sallyport::cli {
namespace {

namespace fs = std::filesystem;

/// What the arguments said, and what is to be done about it.
struct Request {
    fs::path folder = ".";
    AppSettings settings;
    std::string project;
    std::string template_name = "api-server";
    NewModel model;
    std::string data_source;
    bool is_dry_run = false;
    std::string shell;
    Work work;
};

void make_project(Request const& request, std::ostream& err) {
    write_project(request.project, request.template_name);
    if (request.template_name == "two-factor") {
        NewModel employee;
        employee.name = "Employee";
        employee.base = "User";
        employee.properties = {"mobile:string"};
        employee.mixins = {"TwoFactor"};
        write_model(request.project, employee);
    }
    err << fmt::format("{} is ready. Next:\n\n  cd {}\n", request.project, request.project);
    if (request.template_name != "two-factor")
        err << "  sallyport model Employee --base User --property mobile:string --mixin TwoFactor\n";
    err << "  sallyport run\n";
}

void make_model(Request& request, std::ostream& err) {
    ask(request.model.name, "NAME", "its name, as in Employee");
    if (!request.data_source.empty()) request.model.data_source = request.data_source;
    auto const written = write_model(request.folder, request.model);
    err << fmt::format("wrote {}, and an entry in server/model-config.json\n", written.file.string());
    if (!written.is_reachable)
        err << fmt::format(
            "  hint: nobody may use {} yet: add rules to its \"acls\", or make it with --allow '$authenticated'\n",
            request.model.name);
}

// Whether a line of the folder's own .gitignore names the file; a pattern that would is not understood.
bool git_ignores(fs::path const& folder, std::string_view file) {
    std::ifstream in{folder / ".gitignore"};
    for (std::string line; std::getline(in, line);) {
        while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
        if (line == file || (line.starts_with('/') && std::string_view{line}.substr(1) == file)) return true;
    }
    return false;
}

void make_keys(Request const& request, std::ostream& err) {
    auto const file = request.folder / "keys.json";
    crypto::Keys::make().save(file);
    err << fmt::format("wrote {}; keep a copy where no backup of the database is\n", file.string());
    if (!git_ignores(request.folder, "keys.json"))
        err << "  hint: its .gitignore does not name keys.json; it must not come into a repository\n";
}

void add_folder(CLI::App* verb, Request& request) {
    verb->add_option("DIR", request.folder, "the project folder")->capture_default_str();
}

void add_new(CLI::App& app, Request& request, std::ostream& err) {
    auto* verb = add_verb(app, "new", "make a project folder", "sallyport new company");
    verb->add_option("NAME", request.project, "the folder to make")->required();
    verb->add_option("--template", request.template_name, "what is in it; two-factor brings a login page")
        ->capture_default_str()
        ->check(CLI::IsMember(template_names()));
    verb->callback([&] {
        request.work = [&] {
            make_project(request, err);
            return 0;
        };
    });
}

void add_model(CLI::App& app, Request& request, std::ostream& err) {
    auto& model = request.model;
    auto* verb =
        add_verb(app, "model", "add a model to a project", "sallyport model Employee --base User --mixin TwoFactor");
    verb->add_option("NAME", model.name, "its name, as in Employee");
    verb->add_option("--base", model.base, "the model it extends")->capture_default_str();
    verb->add_option("--property", model.properties, "name:type or name:type:required; again for more")
        ->type_name("PROPERTY")
        ->expected(1)
        ->take_all();
    verb->add_option("--relation", model.relations, "name:type:Model or name:type:Model:foreignKey")
        ->type_name("RELATION")
        ->expected(1)
        ->take_all();
    verb->add_option("--mixin", model.mixins, "a mixin, as in TwoFactor")->expected(1)->take_all();
    verb->add_option("--allow", model.allow, "who may use it: '$authenticated', '$owner:READ'")
        ->type_name("ROLE")
        ->expected(1)
        ->take_all();
    verb->add_option("--datasource", request.data_source, "where its records are kept; none for nowhere");
    verb->add_option("--plural", model.plural, "its name in paths");
    verb->add_flag("--public,!--no-public", model.is_public, "whether it has routes");
    verb->add_option("--dir", request.folder, "the project folder")->capture_default_str();
    verb->callback([&] {
        request.work = [&] {
            make_model(request, err);
            return 0;
        };
    });
}

void add_run(CLI::App& app, Request& request) {
    auto* verb = add_verb(app, "run", "serve a project", "sallyport run company --port 8080");
    add_folder(verb, request);
    add_address(verb, request.settings);
    verb->add_flag("--make-keys", request.settings.make_keys, "make keys.json if there is none");
    verb->callback([&] { request.work = [&] { return serve(request.folder, request.settings); }; });
}

void add_check(CLI::App& app, Request& request, std::ostream& out) {
    auto* verb = add_verb(app, "check", "tell everything that is wrong with a project", "sallyport check company");
    add_folder(verb, request);
    verb->callback([&] { request.work = [&] { return check(request.folder, out); }; });
}

void add_migrate(CLI::App& app, Request& request, std::ostream& out, std::ostream& err) {
    auto* verb =
        add_verb(app, "migrate", "make the tables of a project fit its models", "sallyport migrate company --dry-run");
    add_folder(verb, request);
    verb->add_flag("--dry-run", request.is_dry_run, "print the SQL, and change nothing");
    verb->callback([&] {
        request.work = [&] {
            return migrate(request.folder, request.is_dry_run ? Migration::printed : Migration::run, out, err);
        };
    });
}

void add_routes(CLI::App& app, Request& request, std::ostream& out) {
    auto* verb = add_verb(app, "routes", "list every verb and path of a project", "sallyport routes company");
    add_folder(verb, request);
    verb->callback([&] { request.work = [&] { return list_routes(request.folder, out); }; });
}

void add_keys(CLI::App& app, Request& request, std::ostream& err) {
    auto* verb = add_verb(app, "keys", "the keys of a project", "sallyport keys new company");
    verb->require_subcommand(1);
    auto* make = add_verb(*verb, "new", "make keys.json, where there is none", "sallyport keys new company");
    add_folder(make, request);
    make->callback([&] {
        request.work = [&] {
            make_keys(request, err);
            return 0;
        };
    });
    auto* rotate = add_verb(*verb, "rotate", "put new keys before the old ones", "sallyport keys rotate company");
    add_folder(rotate, request);
    rotate->callback([&] {
        request.work = [&] {
            app::rotate_keys(request.folder);
            err << "new keys are in use with the next start; passwords get theirs as people log in\n";
            return 0;
        };
    });
}

void add_manual(CLI::App& app, Request& request, std::ostream& out) {
    auto* man = add_verb(app, "man", "print the man page", "sallyport man >sallyport.1");
    man->callback([&] {
        request.work = [&] {
            out << man_page(app, SALLYPORT_VERSION);
            return 0;
        };
    });
    auto* verb = add_verb(app, "completion", "print the completions of a shell", "sallyport completion bash");
    verb->add_option("SHELL", request.shell, "which")->required()->check(CLI::IsMember(shells()));
    verb->callback([&] {
        request.work = [&] {
            out << completion(app, request.shell);
            return 0;
        };
    });
}

std::string lower_first(std::string text) {
    auto const is_word = text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0;
    if (is_word) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

std::vector<CLI::App const*> commands_of(CLI::App const& app) {
    return app.get_subcommands([](CLI::App const*) { return true; });
}

// Every command on one screen of 24 lines.
std::string overview(CLI::App const& app) {
    std::string text = app.get_description() + "\nSubcommands:\n";
    for (auto const* verb : commands_of(app))
        text += fmt::format("  {:<12}{}\n", verb->get_name(), verb->get_description());
    return text + app.get_footer() + "\n";
}

/// A word that stands where a command should, and the command it stands below.
struct UnknownWord {
    CLI::App const* below;
    std::string word;
};

// Before CLI11 looks: it would answer --help before it saw the word.
std::optional<UnknownWord> unknown_word(CLI::App const& app, std::vector<std::string> const& arguments) {
    auto const* at = &app;
    for (auto const& word : arguments) {
        auto const commands = commands_of(*at);
        if (commands.empty() || word.starts_with('-')) return std::nullopt;
        auto const found = std::ranges::find(commands, word, &CLI::App::get_name);
        if (found == commands.end()) return UnknownWord{at, word};
        at = *found;
    }
    return std::nullopt;
}

int say_unknown(UnknownWord const& unknown, std::ostream& err) {
    auto const& [below, word] = unknown;
    bool const is_first = below->get_parent() == nullptr;
    auto const above = is_first ? std::string{} : below->get_name() + " ";
    std::vector<std::string> words;
    for (auto const* command : commands_of(*below)) words.push_back(command->get_name());
    auto hint = definition::did_you_mean(word, words);
    if (hint.empty()) hint = is_first ? "sallyport --help" : fmt::format("there is {}", definition::one_of(words));
    err << fmt::format("sallyport: there is no command \"{}{}\"\n  hint: {}\n", above, word, hint);
    return 2;
}

int say_usage(CLI::App const& app, std::string const& what, std::ostream& err) {
    std::string verb;
    for (auto const* parsed : app.get_subcommands()) verb += " " + parsed->get_name();
    err << fmt::format("sallyport{}: {}\n  hint: sallyport{} --help\n", verb, lower_first(what), verb);
    return 2;
}

/// The command line, declared.
struct Program {
    Program(std::ostream& to_out, std::ostream& to_err) : out{to_out}, err{to_err} {
        app.footer(
            "More: COMMAND --help, --version. Exit codes: 0 done, 1 failed, 2 called wrongly.\n"
            "Example: sallyport new company && sallyport run company");
        app.set_version_flag("--version", SALLYPORT_VERSION);
        app.require_subcommand(1);
        add_new(app, request, err);
        add_model(app, request, err);
        add_generators(app, request.work, err);
        add_run(app, request);
        add_check(app, request, out);
        add_show_config(app, request.work, out, err);
        add_routes(app, request, out);
        add_migrate(app, request, out, err);
        add_backup(app, request.work, err);
        add_restore(app, request.work, err);
        add_keys(app, request, err);
        add_operator_verbs(app, streams);
        add_code(app, streams);
        add_manual(app, request, out);
    }

    /// Nothing if request.work is to be done; else the exit code.
    std::optional<int> parse(std::vector<std::string> arguments) {
        if (auto const unknown = unknown_word(app, arguments)) return say_unknown(*unknown, err);
        try {
            std::ranges::reverse(arguments);  // As CLI11 takes them.
            app.parse(std::move(arguments));
        } catch (CLI::CallForHelp const&) {
            out << (app.get_subcommands().empty() ? overview(app) : app.help());
            return 0;
        } catch (CLI::CallForVersion const&) {
            out << SALLYPORT_VERSION << '\n';
            return 0;
        } catch (CLI::ParseError const& error) {
            return say_usage(app, error.what(), err);
        }
        return std::nullopt;
    }

    std::ostream& out;
    std::ostream& err;
    CLI::App app{"Serves JSON model definitions as a REST API behind a two-step login.", "sallyport"};
    Request request;
    Streams streams{out, err, request.work};
};

}  // namespace

int parse(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
    return Program{out, err}.parse(std::move(arguments)).value_or(0);
}

int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err) {
    Program program{out, err};
    try {
        if (auto const code = program.parse(std::move(arguments))) return *code;
        return program.request.work();
    } catch (UsageError const& error) {
        err << "sallyport: " << error.what() << '\n';
        return 2;
    } catch (std::exception const& error) {
        err << "sallyport: " << error.what() << '\n';
        return 1;
    }
}

}  // namespace sallyport::cli
